package org.minip2p.host;

import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * One dial to one peer: its addresses race, and all who want it share it. A second address is tried when the first has failed or has
 * taken a moment; the first connection that the host lets in wins, and the other sockets are closed. When the last caller has gone, so
 * has the dial.
 *
 * <p>Confined to the host's peer executor.
 */
final class PeerDial {
    /** As RFC 8305 recommends between two attempts. */
    private static final long STAGGER_MILLIS = 250;

    private static final int MAX_SOCKETS = 8;
    private static final int MAX_ADDRESSES = 32;

    private enum State {
        RESOLVING,
        CONNECTING,
        DONE
    }

    private record Candidate(Multiaddr address, InetSocketAddress socket) {}

    private final Dialer dialer;
    private final HostServices services;
    private final @Nullable PeerId peer;
    private final List<Multiaddr> addresses = new ArrayList<>();
    private final boolean ownConnection;
    private final List<CompletableFuture<Connection>> callers = new ArrayList<>();
    private final Deque<Candidate> untried = new ArrayDeque<>();
    private final Set<InetSocketAddress> seen = new HashSet<>();
    private final List<DialAttempt> running = new ArrayList<>();

    /** Sockets that go on although the dial is over: what becomes of them is the table's business. */
    private final List<DialAttempt> spared = new ArrayList<>();

    private final List<Throwable> failures = new ArrayList<>();
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();
    private State state = State.RESOLVING;
    private int resolving;

    /**
     * A dial, not yet begun.
     *
     * @param peer who must be there; null for whoever is
     * @param ownConnection whether it goes on although another connection to the peer comes up
     */
    PeerDial(
            Dialer dialer,
            HostServices services,
            @Nullable PeerId peer,
            List<Multiaddr> addresses,
            boolean ownConnection) {
        this.dialer = dialer;
        this.services = services;
        this.peer = peer;
        this.ownConnection = ownConnection;
        for (Multiaddr address : addresses) {
            if (this.addresses.size() < MAX_ADDRESSES && !this.addresses.contains(address)) {
                this.addresses.add(address);
            }
        }
    }

    @Nullable PeerId peer() {
        return peer;
    }

    boolean wantsItsOwn() {
        return ownConnection;
    }

    /** One more who waits for the outcome; a cancelled future leaves again. */
    void join(CompletableFuture<Connection> caller) {
        callers.add(caller);
        caller.whenComplete((connection, failure) -> {
            if (caller.isCancelled()) {
                services.peerExecutor().execute(() -> leave(caller));
            }
        });
    }

    private void leave(CompletableFuture<Connection> caller) {
        if (callers.removeIf(other -> other == caller) && callers.isEmpty() && state != State.DONE) {
            finish();
            stopSockets("cancelled by its caller");
        }
    }

    void start() {
        long millis = services.config().get(HostConfig.DIAL_TIMEOUT).toMillis();
        timers.add(services.peerExecutor().schedule(() -> late(millis), millis, TimeUnit.MILLISECONDS));
        resolving = addresses.size();
        for (Multiaddr address : addresses) {
            dialer.resolve(address)
                    .whenCompleteAsync((found, failure) -> resolved(address, found, failure), services.peerExecutor());
        }
        if (addresses.isEmpty()) {
            fail();
        }
    }

    private void resolved(Multiaddr address, @Nullable List<InetSocketAddress> found, @Nullable Throwable failure) {
        resolving--;
        if (state == State.DONE) {
            return;
        }
        if (found == null) {
            failures.add(Dialer.unwrapped(failure));
        } else {
            int taken = 0;
            for (InetSocketAddress socket : found) {
                if (taken < MAX_ADDRESSES && seen.add(socket)) {
                    untried.add(new Candidate(address, socket));
                    taken++;
                }
            }
        }
        boolean first = state == State.RESOLVING;
        state = State.CONNECTING;
        if (first || running.isEmpty()) {
            tryNext();
        }
    }

    private void tryNext() {
        while (state == State.CONNECTING && !untried.isEmpty() && running.size() < MAX_SOCKETS) {
            Candidate candidate = untried.remove();
            if (open(candidate)) {
                if (!untried.isEmpty() || resolving > 0) {
                    timers.add(services.peerExecutor().schedule(this::tryNext, STAGGER_MILLIS, TimeUnit.MILLISECONDS));
                }
                return;
            }
        }
        if (state == State.CONNECTING && running.isEmpty() && untried.isEmpty() && resolving == 0) {
            fail();
        }
    }

    private boolean open(Candidate candidate) {
        try {
            DialAttempt attempt = dialer.open(this, candidate.address, candidate.socket);
            running.add(attempt);
            attempt.start(dialer.transport(), peer);
            return true;
        } catch (ConnectionDeniedException e) {
            failures.add(e);
            return false;
        }
    }

    void failed(DialAttempt attempt, Throwable cause) {
        spared.remove(attempt);
        if (!running.remove(attempt) || state == State.DONE) {
            return;
        }
        failures.add(cause);
        dialer.addressFailed(peer, attempt.address());
        tryNext();
    }

    void upgraded(DialAttempt attempt, Connection connection) {
        running.remove(attempt);
        if (state == State.DONE && !spared.remove(attempt)) {
            denied(connection, new ConnectionDeniedException("the dial was decided without this socket"));
            return;
        }
        dialer.table().decide(connection, new ConnectionTable.Verdict() {
            @Override
            public void admitted() {
                won(connection);
            }

            @Override
            public void denied(Throwable cause) {
                PeerDial.denied(connection, cause);
                if (state != State.DONE) {
                    failures.add(cause);
                    tryNext();
                }
            }
        });
    }

    /** A socket of this dial has become a connection. */
    private void won(Connection connection) {
        if (complete(connection)) {
            stopSockets("another socket to the peer was faster");
        }
    }

    /**
     * The peer has dialed us: its connection serves as well. A socket of ours whose handshake is done is kept: the peer may have told its
     * own callers of that one, and closed the one that we have now.
     */
    void peerCame(Connection connection) {
        if (complete(connection)) {
            ConnectionDeniedException cause = new ConnectionDeniedException("the peer's own connection was faster");
            running.forEach(attempt -> attempt.abortUnlessSecured(cause));
            spared.addAll(running);
            running.clear();
        }
    }

    private boolean complete(Connection connection) {
        if (state == State.DONE) {
            return false;
        }
        finish();
        for (CompletableFuture<Connection> caller : callers) {
            dialer.complete(caller, connection);
        }
        return true;
    }

    /** The host closes, or time is over. */
    void giveUp(Throwable cause) {
        if (state != State.DONE) {
            failures.add(cause);
            fail();
        }
    }

    private void late(long millis) {
        giveUp(new UpgradeFailedException("no connection within " + millis + " ms", null));
    }

    private void fail() {
        finish();
        DialFailedException failure = new DialFailedException(target(), failures);
        for (CompletableFuture<Connection> caller : callers) {
            dialer.fail(caller, failure);
        }
        stopSockets("the dial has failed");
        dialer.told(peer, addresses, failure);
    }

    private void finish() {
        state = State.DONE;
        timers.forEach(timer -> timer.cancel(false));
        dialer.over(this);
    }

    private void stopSockets(String reason) {
        if (running.isEmpty()) {
            return;
        }
        ConnectionDeniedException cause = new ConnectionDeniedException(reason);
        running.forEach(attempt -> attempt.abort(cause));
        running.clear();
    }

    private static void denied(Connection connection, Throwable cause) {
        connection.onEventLoop(() -> connection.deny(cause));
    }

    private String target() {
        return peer != null ? peer.toString() : addresses.toString();
    }
}
