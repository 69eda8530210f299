package org.minip2p.host.table;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostEvent;
import org.minip2p.host.connections.EstablishedConnection;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.events.Events;
import org.minip2p.host.trimming.ConnectedPeers;
import org.minip2p.host.trimming.PeerPlaces;

/**
 * The host's connections, by peer. A connection is added before its first frame is read and removed when it can no longer carry a
 * stream; the counts in events come from the same task that changed the table.
 *
 * <p>Changed on the host's peer executor only; read from any thread.
 *
 * <h2>More than one connection to a peer</h2>
 *
 * Two peers that dial each other get two connections, and neither can know which one the other sees first. So both connections stay, and
 * both ends derive the same <em>canonical</em> one without a message: the one dialed by the peer with the lower id, and among those the
 * oldest. New streams use it. Only its dialer closes the other one, and only when the canonical one has answered a ping and the other
 * has been unused for a while. A third connection is admitted only if an older one no longer answers.
 *
 * <p>If both peers dial twice at the same time, each has two connections that the other has not admitted yet, and no ping on those would
 * be answered before the other has decided. So a connection dialed by the peer with the lower id is admitted without regard to those
 * dialed by the other that have never carried a frame of the peer.
 */
public final class ConnectionTable {
    private static final CloseCause HOST_CLOSED = CloseCause.of(CloseCause.Reason.HOST_CLOSED);

    private static final CloseCause LISTENER_STUCK = CloseCause.of(CloseCause.Reason.LISTENER_STUCK);

    /** The decision on a connection; one of the two methods is called, once, on the peer executor. */
    public interface Verdict {
        /** It is admitted, and everyone except the caller has been told. */
        void admitted(Connection connection);

        /** It is refused, and is being closed. */
        void denied(Throwable cause);
    }

    private final PeerId self;
    private final ConnectionGater gater;
    private final int maxPerPeer;
    private final PeerPlaces places;
    private final ConnectedPeers connected = new Connected();
    private final Events events;
    private final EventExecutor peerExecutor;
    private final Probes probes;
    private final BiConsumer<EstablishedConnection, CloseCause> ended = this::ended;
    private final Map<PeerId, List<EstablishedConnection>> byPeer = new ConcurrentHashMap<>();
    private final List<Consumer<Connection>> observers = new CopyOnWriteArrayList<>();
    private boolean closed;

    /** The connections at the time of closing. */
    private List<EstablishedConnection> closing = List.of();

    /**
     * An empty table.
     *
     * @param self the peer id of this host
     * @param gater asked about each
     * @param maxPerPeer the most connections to one peer, at least 2
     * @param places the peer slots
     * @param events receives each addition and removal
     * @param peerExecutor where all decisions are made
     */
    public ConnectionTable(
            PeerId self,
            ConnectionGater gater,
            int maxPerPeer,
            PeerPlaces places,
            Events events,
            EventExecutor peerExecutor) {
        this.self = self;
        this.gater = gater;
        this.maxPerPeer = maxPerPeer;
        this.places = places;
        this.events = events;
        this.peerExecutor = peerExecutor;
        this.probes = new Probes(peerExecutor);
    }

    /** Sets who is called for each added connection, after all others. Peer executor. */
    public void onEstablished(Consumer<Connection> observer) {
        observers.add(observer);
    }

    /**
     * A listener does not return from an event of this peer: closes the peer's connections, since their events can no longer be
     * delivered. Peer executor.
     */
    public void closeStuck(PeerId peer) {
        in(peer).forEach(connection -> connection.closeNow(LISTENER_STUCK));
    }

    /** Whether a peer id is that of this host. */
    public boolean isSelf(PeerId peer) {
        return self.equals(peer);
    }

    /** The connections to a peer, in the order in which they were established. */
    public List<Connection> of(PeerId peer) {
        return List.copyOf(in(peer));
    }

    private List<EstablishedConnection> in(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** All connections. */
    public List<Connection> all() {
        return byPeer.values().stream().<Connection>flatMap(List::stream).toList();
    }

    /** The connection that new streams to a peer use. */
    public Optional<Connection> canonical(PeerId peer) {
        return Optional.ofNullable(first(peer));
    }

    /** The role of this host in the connections to a peer that are preferred: those that the peer with the lower id has dialed. */
    private Role preferred(PeerId peer) {
        return self.compareTo(peer) < 0 ? Role.INITIATOR : Role.RESPONDER;
    }

    private @Nullable EstablishedConnection first(PeerId peer) {
        Role preferred = preferred(peer);
        EstablishedConnection first = null;
        for (EstablishedConnection next : in(peer)) {
            if (next.isOpen() && (first == null || precedes(next, first, preferred))) {
                first = next;
            }
        }
        return first;
    }

    /** Whether one connection is preferred to the other: by role, and with the same role by age. */
    private static boolean precedes(Connection one, Connection other, Role preferred) {
        return one.role() == other.role() ? one.id() < other.id() : one.role() == preferred;
    }

    /**
     * Refuses new connections, and closes existing ones. Peer executor, once.
     *
     * @param drain how long to wait for streams that still have something to send
     * @return completes when their sockets are closed
     */
    public CompletableFuture<Void> close(Duration drain) {
        closed = true;
        closing = byPeer.values().stream().flatMap(List::stream).toList();
        return CompletableFuture.allOf(closing.stream()
                .map(connection -> connection.close(HOST_CLOSED, drain))
                .toArray(CompletableFuture[]::new));
    }

    /** Aborts connections that are still closing. Peer executor, after {@link #close}. */
    public void abort() {
        closing.forEach(connection -> connection.abort(HOST_CLOSED));
    }

    /** Decides on a connection on the peer executor. Any thread. */
    public void submit(UndecidedConnection undecided, Verdict verdict) {
        peerExecutor.execute(() -> decide(undecided, verdict));
    }

    /** Decides on a connection, now or when older ones have shown whether they are alive. Peer executor. */
    public void decide(UndecidedConnection undecided, Verdict verdict) {
        assert peerExecutor.inEventLoop();
        PeerId peer = undecided.remotePeer();
        Libp2pException refusal = refusal(undecided);
        if (refusal != null) {
            deny(undecided, verdict, refusal);
        } else if (rivals(undecided) < maxPerPeer) {
            admitInItsPlace(undecided, verdict);
        } else {
            probes.run(in(peer), () -> {
                int rivals = rivals(undecided);
                if (closed) {
                    deny(undecided, verdict, new HostClosedException());
                } else if (rivals < maxPerPeer) {
                    admitInItsPlace(undecided, verdict);
                } else {
                    deny(
                            undecided,
                            verdict,
                            new ConnectionDeniedException("peer " + peer + " has " + rivals + " of " + maxPerPeer
                                    + " connections, and they answer"));
                }
            });
        }
    }

    /**
     * How many connections stand in the way of a new one. A closed or closing connection may still be in the table; it does not count.
     * Neither does one that the peer may refuse in favor of the new one.
     */
    private int rivals(UndecidedConnection undecided) {
        Role preferred = preferred(undecided.remotePeer());
        int rivals = 0;
        for (EstablishedConnection connection : in(undecided.remotePeer())) {
            boolean isPreferred = connection.role() == preferred || undecided.role() != preferred;
            if (connection.isOpen() && (isPreferred || connection.hasReceived())) {
                rivals++;
            }
        }
        return rivals;
    }

    private @Nullable Libp2pException refusal(UndecidedConnection undecided) {
        if (closed) {
            return new HostClosedException();
        }
        if (undecided.remotePeer().equals(self)) {
            return new ConnectionDeniedException("the peer is this host itself");
        }
        if (events.isBehind(undecided.remotePeer())) {
            return new ConnectionDeniedException(
                    "too many events wait for the application from peer " + undecided.remotePeer());
        }
        if (!gater.mayEstablish(undecided.remotePeer(), undecided.remoteAddress(), undecided.role())) {
            return new ConnectionDeniedException("the gater refused peer " + undecided.remotePeer());
        }
        return null;
    }

    private static void deny(UndecidedConnection undecided, Verdict verdict, Libp2pException cause) {
        undecided.deny(cause);
        verdict.denied(cause);
    }

    private void admitInItsPlace(UndecidedConnection undecided, Verdict verdict) {
        ConnectionDeniedException full = places.take(undecided.remotePeer(), connected);
        if (full == null) {
            admit(undecided, verdict);
        } else {
            deny(undecided, verdict, full);
        }
    }

    private void admit(UndecidedConnection undecided, Verdict verdict) {
        EstablishedConnection connection = undecided.admit(places.nowNanos());
        PeerId peer = connection.remotePeer();
        List<EstablishedConnection> before = in(peer);
        List<EstablishedConnection> after = new ArrayList<>(before);
        after.add(connection);
        byPeer.put(peer, List.copyOf(after));
        events.tell(peer, new HostEvent.ConnectionEstablished(connection, after.size(), before.size()));
        verdict.admitted(connection);
        connection.start(ended);
        observers.forEach(observer -> observer.accept(connection));
        if (!before.isEmpty()) {
            supersede(peer);
        }
        places.admitted(connected);
    }

    /** On a connection's event loop. */
    private void ended(EstablishedConnection connection, CloseCause cause) {
        peerExecutor.execute(() -> remove(connection, cause));
    }

    private void remove(EstablishedConnection connection, CloseCause cause) {
        PeerId peer = connection.remotePeer();
        List<EstablishedConnection> left = new ArrayList<>(in(peer));
        left.remove(connection);
        if (left.isEmpty()) {
            byPeer.remove(peer);
        } else {
            byPeer.put(peer, List.copyOf(left));
        }
        events.tell(peer, new HostEvent.ConnectionClosed(connection, left.size(), cause));
    }

    private void supersede(PeerId peer) {
        EstablishedConnection kept = first(peer);
        if (kept == null || kept.role() != Role.INITIATOR) {
            return;
        }
        kept.ping()
                .whenCompleteAsync(
                        (roundTrip, failure) -> {
                            if (failure == null && kept.isOpen()) {
                                in(peer).stream()
                                        .filter(other -> other != kept)
                                        .forEach(EstablishedConnection::supersede);
                            }
                        },
                        peerExecutor);
    }

    /** The view for decisions on peer slots. */
    private final class Connected implements ConnectedPeers {
        @Override
        public Set<PeerId> peers() {
            return byPeer.keySet();
        }

        @Override
        public List<EstablishedConnection> open(PeerId peer) {
            EstablishedConnection canonical = first(peer);
            if (canonical == null || in(peer).size() == 1) {
                return canonical == null ? List.of() : List.of(canonical);
            }
            List<EstablishedConnection> open = new ArrayList<>(List.of(canonical));
            in(peer).stream()
                    .filter(other -> other != canonical && other.isOpen())
                    .forEach(open::add);
            return open;
        }
    }
}
