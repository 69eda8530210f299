package org.minip2p.host.dialing;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.UpgradeFailedException;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.table.ConnectionTable;

/**
 * One dial to one peer: its addresses race. A second address is tried when the first has failed or is slow; the first connection that the
 * host admits wins, and the other sockets are closed.
 *
 * <p>Confined to the host's peer executor, except for the callbacks of its attempts.
 */
final class PeerDial implements DialAttempt.Outcome, AddressSearch.Outcome {
    /** As RFC 8305 recommends between two attempts. */
    private static final long STAGGER_MILLIS = 250;

    private static final int MAX_SOCKETS = 8;

    /** The result of a dial: one of the two final methods is called, once, unless it is cancelled first. */
    interface Outcome {
        /** The peer was reached: called for each socket that the host admits, also after the dial has ended. */
        void reached(PeerId peer, Multiaddr address);

        /** There is a connection to the peer, dialed by either side. */
        void connected(Connection connection);

        /** No address has led to one. */
        void failed(DialFailedException failure);
    }

    private enum State {
        RESOLVING,
        CONNECTING,
        DONE
    }

    private enum Opening {
        BEGUN,
        FAILED,
        /** Too many sockets are being dialed: this one is tried later. */
        NO_PLACE
    }

    private final DialTarget target;
    private final DialSockets sockets;
    private final AddressSearch search;
    private final ConnectionTable table;
    private final Backoff backoff;
    private final EventExecutor peerExecutor;
    private final Outcome outcome;
    private final Deque<Candidate> untried = new ArrayDeque<>();

    /** Recently failed addresses: tried when there is nothing else to try. */
    private final Deque<Candidate> resting = new ArrayDeque<>();

    private final Set<InetSocketAddress> seen = new HashSet<>();
    private final List<DialAttempt> running = new ArrayList<>();

    /** Sockets that continue after the dial has ended: the table decides on them. */
    private final List<DialAttempt> spared = new ArrayList<>();

    private final List<Throwable> failures = new ArrayList<>();
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();
    private State state = State.RESOLVING;
    private int opened;

    /**
     * Creates a dial, not started yet.
     *
     * @param target the peer, and its addresses
     * @param sockets makes the attempts
     * @param table decides on new connections
     * @param backoff remembers failed addresses
     * @param peerExecutor where the dial runs
     * @param outcome receives the result
     */
    PeerDial(
            DialTarget target,
            DialSockets sockets,
            ConnectionTable table,
            Backoff backoff,
            EventExecutor peerExecutor,
            Outcome outcome) {
        this.target = target;
        this.sockets = sockets;
        this.table = table;
        this.backoff = backoff;
        this.peerExecutor = peerExecutor;
        this.outcome = outcome;
        this.search = new AddressSearch(
                target,
                sockets,
                address -> backoff.isActive(
                        target.peer(), address, peerExecutor.ticker().nanoTime()),
                peerExecutor,
                this);
    }

    /** Starts; it fails after this time. */
    void start(Duration timeout) {
        long millis = timeout.toMillis();
        timers.add(peerExecutor.schedule(() -> timedOut(millis), millis, TimeUnit.MILLISECONDS));
        search.start();
        if (state == State.RESOLVING && search.isOver()) {
            fail(); // there was no address
        }
    }

    /** The number of sockets that it has opened. */
    int sockets() {
        return opened;
    }

    /** Why it has failed, if it has: the last reason. */
    @Nullable Throwable lastFailure() {
        return failures.isEmpty() ? null : failures.get(failures.size() - 1);
    }

    /** Ends it without a result, because no caller is left. */
    void cancel() {
        if (state != State.DONE) {
            finish();
            stopSockets("cancelled by its caller");
        }
    }

    /** Ends it as failed. */
    void giveUp(Throwable cause) {
        if (state != State.DONE) {
            failures.add(cause);
            fail();
        }
    }

    /**
     * The peer has dialed us, and we use its connection. A socket of ours that has completed its handshake is kept: the peer may have
     * given that one to its own callers, and closed the one that we have now.
     */
    void peerCame(Connection connection) {
        if (complete(connection)) {
            ConnectionDeniedException cause =
                    ConnectionDeniedException.notNeeded("the peer's own connection was faster");
            running.forEach(attempt -> attempt.abortUnlessSecured(cause));
            spared.addAll(running);
            running.clear();
        }
    }

    @Override
    public void found(List<Candidate> candidates, boolean isResting) {
        if (state == State.DONE) {
            return;
        }
        candidates.stream()
                .filter(each -> seen.add(each.remote()))
                .limit(DialTarget.MAX_ADDRESSES)
                .forEach((isResting ? resting : untried)::add);
        searched();
    }

    @Override
    public void failed(Throwable cause) {
        if (state != State.DONE) {
            failures.add(cause);
            searched();
        }
    }

    /** The search has made progress. */
    private void searched() {
        boolean first = state == State.RESOLVING;
        state = State.CONNECTING;
        if (!first && !running.isEmpty()) {
            return;
        }
        if (untried.isEmpty() && !resting.isEmpty() && !search.isOver()) {
            tryNextLater(); // a fresh address may be found meanwhile
        } else {
            tryNext();
        }
    }

    private void tryNextLater() {
        timers.add(peerExecutor.schedule(this::tryNext, STAGGER_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void tryNext() {
        Candidate next = null;
        while (state == State.CONNECTING && running.size() < MAX_SOCKETS && (next = takeNext()) != null) {
            Opening opening = open(next);
            if (opening == Opening.NO_PLACE) {
                untried.addFirst(next);
                tryNextLater(); // within the dial's time limit
                return;
            }
            if (opening == Opening.BEGUN) {
                if (!untried.isEmpty() || !resting.isEmpty() || !search.isOver()) {
                    tryNextLater();
                }
                return;
            }
        }
        if (state == State.CONNECTING
                && running.isEmpty()
                && untried.isEmpty()
                && resting.isEmpty()
                && search.isOver()) {
            fail();
        }
    }

    private @Nullable Candidate takeNext() {
        Candidate fresh = untried.poll();
        return fresh != null ? fresh : resting.poll();
    }

    /** If any peer is accepted, the address from a name may still name the expected peer. */
    private @Nullable PeerId expectedPeer(Candidate candidate) {
        return target.peer() != null
                ? target.peer()
                : candidate.address().peerId().orElse(null);
    }

    private Opening open(Candidate candidate) {
        try {
            DialAttempt attempt = sockets.open(expectedPeer(candidate), candidate, this);
            if (attempt == null) {
                return Opening.NO_PLACE;
            }
            running.add(attempt);
            opened++;
            return Opening.BEGUN;
        } catch (Throwable e) { // whatever it is, try the next address
            failures.add(e);
            return Opening.FAILED;
        }
    }

    @Override
    public void failed(DialAttempt attempt, Throwable cause) {
        peerExecutor.execute(() -> ended(attempt, cause));
    }

    private void ended(DialAttempt attempt, Throwable cause) {
        spared.remove(attempt);
        if (!running.remove(attempt) || state == State.DONE) {
            return;
        }
        failures.add(cause);
        backoff.failed(
                target.peer(),
                attempt.candidate().address(),
                peerExecutor.ticker().nanoTime());
        tryNext();
    }

    @Override
    public void upgraded(DialAttempt attempt, UndecidedConnection connection) {
        peerExecutor.execute(() -> submit(attempt, connection));
    }

    private void submit(DialAttempt attempt, UndecidedConnection undecided) {
        running.remove(attempt);
        if (state == State.DONE && !spared.remove(attempt)) {
            undecided.deny(ConnectionDeniedException.notNeeded("the dial was decided without this socket"));
            return;
        }
        table.decide(undecided, new ConnectionTable.Verdict() {
            @Override
            public void admitted(Connection connection) {
                outcome.reached(connection.remotePeer(), attempt.candidate().named());
                if (complete(connection)) {
                    stopSockets("another socket to the peer was faster");
                }
            }

            @Override
            public void denied(Throwable cause) {
                if (state != State.DONE) {
                    failures.add(cause);
                    tryNext();
                }
            }
        });
    }

    private boolean complete(Connection connection) {
        if (state == State.DONE) {
            return false;
        }
        finish();
        outcome.connected(connection);
        return true;
    }

    private void timedOut(long millis) {
        giveUp(UpgradeFailedException.timedOut("no connection within " + millis + " ms"));
    }

    private void fail() {
        finish();
        stopSockets("the dial has failed");
        List<Throwable> all = new ArrayList<>(failures);
        all.addAll(target.refusals());
        outcome.failed(new DialFailedException(target.toString(), all));
    }

    private void finish() {
        state = State.DONE;
        search.stop();
        timers.forEach(timer -> timer.cancel(false));
    }

    private void stopSockets(String reason) {
        if (running.isEmpty()) {
            return;
        }
        ConnectionDeniedException cause = ConnectionDeniedException.notNeeded(reason);
        running.forEach(attempt -> attempt.abort(cause));
        running.clear();
    }
}
