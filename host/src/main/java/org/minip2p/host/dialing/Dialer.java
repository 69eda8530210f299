package org.minip2p.host.dialing;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.DialRefusedException;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostEvent;
import org.minip2p.host.HostObservation.DialOutcome;
import org.minip2p.host.NoKnownAddressException;
import org.minip2p.host.book.BookKeeping;
import org.minip2p.host.events.Events;
import org.minip2p.host.observing.DialMeter;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.host.threads.HostThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections: one dial per peer at a time unless a caller requests a separate one. All callers for a peer share its dial. When
 * the last of them cancels, the dial ends.
 *
 * <p>The methods that a host calls may be called from any thread; the rest is confined to the peer executor.
 */
public final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private final ConnectionTable table;
    private final BookKeeping book;
    private final Events events;
    private final DialSockets sockets;
    private final EventExecutor peerExecutor;
    private final Executor application;
    private final Duration timeout;
    private final Backoff backoff;

    /** Shared dials, one per peer. */
    private final Map<PeerId, Ongoing> shared = new HashMap<>();

    /** All pending dials. */
    private final Set<Ongoing> all = new LinkedHashSet<>();

    /** Their number, for other threads. */
    private volatile int pending;

    private boolean closed;

    /**
     * Creates a dialer without dials.
     *
     * @param table has the open connections, and decides on new ones
     * @param book the known addresses of peers
     * @param events receives the failures
     * @param sockets makes the sockets
     * @param threads runs dials, and completes the futures of callers
     * @param random from 0 to less than 1; called on the peer executor
     * @param timeout the time limit of one dial with all its addresses
     */
    public Dialer(
            ConnectionTable table,
            BookKeeping book,
            Events events,
            DialSockets sockets,
            HostThreads threads,
            DoubleSupplier random,
            Duration timeout) {
        this.table = table;
        this.book = book;
        this.events = events;
        this.sockets = sockets;
        this.peerExecutor = threads.peerExecutor();
        this.application = threads.application();
        this.backoff = new Backoff(random);
        this.timeout = timeout;
    }

    /** The open connection to a peer, the result of its pending dial, or of a new one. */
    public CompletableFuture<Connection> connect(PeerId peer, List<Multiaddr> addresses) {
        return onPeerExecutor(application, caller -> {
            if (!join(peer, caller)) {
                start(new Ongoing(target(peer, addresses), false), caller);
            }
        });
    }

    /** The same with the addresses in the book. */
    public CompletableFuture<Connection> connect(PeerId peer) {
        return connect(peer, application);
    }

    /** The same, completed on this executor. */
    public CompletableFuture<Connection> connect(PeerId peer, Executor executor) {
        return onPeerExecutor(executor, caller -> {
            if (join(peer, caller)) {
                return;
            }
            List<Multiaddr> known = book.find(peer);
            if (known.isEmpty()) {
                caller.failed(closed ? new HostClosedException() : new NoKnownAddressException(peer));
            } else {
                start(new Ongoing(target(peer, known), false), caller);
            }
        });
    }

    /** Whether there is a connection, or a pending dial. */
    private boolean join(PeerId peer, DialCallers.Caller caller) {
        Connection live = table.canonical(peer).orElse(null);
        Ongoing dial = shared.get(peer);
        if (live != null) {
            caller.connected(live);
        } else if (dial != null) {
            dial.callers.join(caller);
        }
        return live != null || dial != null;
    }

    /** A separate dial, if its condition holds. */
    public CompletableFuture<Connection> dial(@Nullable PeerId peer, Multiaddr address, DialCondition condition) {
        return onPeerExecutor(application, caller -> {
            if (peer != null) {
                boolean connected = table.canonical(peer).isPresent();
                boolean dialing = all.stream().anyMatch(dial -> Objects.equals(peer, dial.target.peer()));
                if (!condition.allows(connected, dialing)) {
                    // Expected, so it is neither an event nor logged at a higher level.
                    LOG.trace(
                            "dial refused peer={} condition={} connected={} dialing={}",
                            peer,
                            condition,
                            connected,
                            dialing);
                    caller.failed(new DialRefusedException(peer, condition, connected, dialing));
                    return;
                }
            }
            start(new Ongoing(target(peer, List.of(address)), true), caller);
        });
    }

    private CompletableFuture<Connection> onPeerExecutor(Executor executor, Consumer<DialCallers.Caller> task) {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        try {
            peerExecutor.execute(() -> task.accept(new DialCallers.Caller(result, executor)));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new HostClosedException());
        }
        return result;
    }

    private void start(Ongoing ongoing, DialCallers.Caller caller) {
        Libp2pException refusal = refusal(ongoing.target.peer());
        if (refusal != null) {
            caller.failed(refusal);
            return;
        }
        all.add(ongoing);
        pending = all.size();
        if (ongoing.target.peer() != null) {
            shared.putIfAbsent(ongoing.target.peer(), ongoing);
        }
        ongoing.callers.join(caller);
        ongoing.dial.start(timeout);
    }

    private @Nullable Libp2pException refusal(@Nullable PeerId peer) {
        if (closed) {
            return new HostClosedException();
        }
        if (events.isCongested()) {
            return new ConnectionDeniedException("too many events wait for the application");
        }
        return peer != null && table.isSelf(peer)
                ? new ConnectionDeniedException("the peer to dial is this host itself")
                : null;
    }

    /** Recently failed addresses come last, but are tried: one may be the only good address. */
    private DialTarget target(@Nullable PeerId peer, List<Multiaddr> addresses) {
        long now = peerExecutor.ticker().nanoTime();
        return DialTarget.of(peer, addresses, address -> backoff.isActive(peer, address, now));
    }

    /** A connection has been admitted, dialed by either side. Peer executor. */
    public void established(Connection connection) {
        PeerId peer = connection.remotePeer();
        backoff.succeeded(peer);
        Ongoing ongoing = shared.get(peer);
        if (ongoing != null && !ongoing.ownConnection) {
            ongoing.dial.peerCame(connection);
        }
    }

    /** The number of pending dials. */
    public int pending() {
        return pending;
    }

    /** The number of remembered failed addresses. Peer executor, or any thread once the host is closed. */
    public int resting() {
        return backoff.size(peerExecutor.ticker().nanoTime());
    }

    /** How many of them are of this peer. Peer executor, or any thread once the host is closed. */
    public int resting(PeerId peer) {
        return backoff.size(peer, peerExecutor.ticker().nanoTime());
    }

    /** Ends every dial, and forgets which failed. Peer executor. */
    public void close() {
        closed = true;
        HostClosedException cause = new HostClosedException();
        new ArrayList<>(all).forEach(ongoing -> ongoing.dial.giveUp(cause));
        backoff.clear();
    }

    /** A pending dial, and its callers. */
    private final class Ongoing implements PeerDial.Outcome {
        private final DialTarget target;

        /** Whether it continues when another connection to the peer is established. */
        private final boolean ownConnection;

        private final DialCallers callers = new DialCallers(peerExecutor, this::abandoned);
        private final PeerDial dial;
        private final @Nullable DialMeter meter;

        Ongoing(DialTarget target, boolean ownConnection) {
            this.target = target;
            this.ownConnection = ownConnection;
            this.meter = sockets.measureDial(target.peer());
            this.dial = new PeerDial(target, sockets, table, backoff, peerExecutor, this);
        }

        @Override
        public void reached(PeerId peer, Multiaddr address) {
            book.reached(peer, address);
        }

        @Override
        public void connected(Connection connection) {
            forget();
            ended(DialOutcome.CONNECTED, null);
            callers.connected(connection);
        }

        @Override
        public void failed(DialFailedException failure) {
            forget();
            ended(DialOutcome.FAILED, dial.lastFailure());
            callers.failed(failure);
            if (!target.named().isEmpty()) {
                events.tell(
                        target.peer(),
                        new HostEvent.OutgoingConnectionFailed(
                                Optional.ofNullable(target.peer()),
                                target.named().get(0),
                                failure));
            }
        }

        private void abandoned() {
            dial.cancel();
            forget();
            ended(DialOutcome.CANCELLED, null);
        }

        private void ended(DialOutcome outcome, @Nullable Throwable cause) {
            if (meter != null) {
                meter.ended(outcome, cause, dial.sockets());
            }
        }

        private void forget() {
            all.remove(this);
            pending = all.size();
            PeerId peer = target.peer();
            if (peer != null) {
                shared.remove(peer, this);
            }
        }
    }
}
