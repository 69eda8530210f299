package org.minip2p.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's connections, by peer. A connection enters before its first frame is read and leaves when it can carry no stream; the counts
 * that the events tell come from the same task that changed the table.
 *
 * <p>Changed on the host's peer executor only; read from any thread.
 *
 * <h2>More than one connection to a peer</h2>
 *
 * Two peers that dial each other get two connections, and neither can know which of them the other sees first. So both stay, and both
 * ends agree on the <em>canonical</em> one without a word: dialed by the peer with the lower id, and of those the oldest. New streams go
 * there. Its dialer alone lets the other one go, and only when the canonical one has answered a ping and the other has been unused for a
 * while. A third connection is let in only if an older one no longer answers.
 */
final class ConnectionTable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionTable.class);
    private static final long PROBE_MILLIS = 2_000;

    /** What was decided on a connection; called on the peer executor. */
    interface Verdict {
        void admitted();

        void denied(Throwable cause);
    }

    /** Is told of each connection that entered. Peer executor. */
    interface EstablishedListener {
        void established(Connection connection);
    }

    private final HostServices services;
    private final EstablishedListener established;
    private final Connection.EndListener ended = this::ended;
    private final Map<PeerId, List<Connection>> byPeer = new ConcurrentHashMap<>();
    private boolean closed;

    ConnectionTable(HostServices services, EstablishedListener established) {
        this.services = services;
        this.established = established;
    }

    /** The connections to a peer, in the order in which they were established. */
    List<Connection> of(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** All connections. */
    List<Connection> all() {
        return byPeer.values().stream().flatMap(List::stream).toList();
    }

    /** The connection that new streams to a peer use. */
    Optional<Connection> canonical(PeerId peer) {
        Role dialerIsLower = services.self().compareTo(peer) < 0 ? Role.INITIATOR : Role.RESPONDER;
        Connection first = null;
        for (Connection next : of(peer)) {
            if (next.isOpen() && (first == null || precedes(next, first, dialerIsLower))) {
                first = next;
            }
        }
        return Optional.ofNullable(first);
    }

    /** Whether one comes before the other: the role decides, and of two with the same role the age. */
    private static boolean precedes(Connection one, Connection other, Role preferred) {
        return one.role() == other.role() ? one.id() < other.id() : one.role() == preferred;
    }

    /** Nothing enters any more. Peer executor. */
    void close() {
        closed = true;
    }

    /** Decides on a connection. Peer executor. */
    void decide(Connection connection, Verdict verdict) {
        assert services.peerExecutor().inEventLoop();
        PeerId peer = connection.remotePeer();
        ConnectionDeniedException refusal = refusal(connection);
        if (refusal != null) {
            verdict.denied(refusal);
        } else if (of(peer).size() < services.config().get(HostConfig.MAX_CONNECTIONS_PER_PEER)) {
            admit(connection, verdict);
        } else {
            probe(of(peer), () -> {
                if (!closed && of(peer).size() < services.config().get(HostConfig.MAX_CONNECTIONS_PER_PEER)) {
                    admit(connection, verdict);
                } else {
                    verdict.denied(new ConnectionDeniedException("peer " + peer + " has "
                            + of(peer).size() + " of "
                            + services.config().get(HostConfig.MAX_CONNECTIONS_PER_PEER)
                            + " connections, and they answer"));
                }
            });
        }
    }

    private @Nullable ConnectionDeniedException refusal(Connection connection) {
        if (closed) {
            return new ConnectionDeniedException("the host is closed");
        }
        if (connection.remotePeer().equals(services.self())) {
            return new ConnectionDeniedException("the peer is this host itself");
        }
        if (!services.gater().mayEstablish(connection.remotePeer(), connection.remoteSocket(), connection.role())) {
            return new ConnectionDeniedException("the gater refused peer " + connection.remotePeer());
        }
        return null;
    }

    private void admit(Connection connection, Verdict verdict) {
        PeerId peer = connection.remotePeer();
        List<Connection> before = of(peer);
        List<Connection> after = new ArrayList<>(before);
        after.add(connection);
        byPeer.put(peer, List.copyOf(after));
        services.events().tell(peer, new HostEvent.ConnectionEstablished(connection, after.size(), before.size()));
        verdict.admitted();
        connection.onEventLoop(() -> connection.start(ended));
        established.established(connection);
        if (!before.isEmpty()) {
            supersede(peer);
        }
    }

    /** On a connection's event loop. */
    private void ended(Connection connection, CloseCause cause) {
        services.peerExecutor().execute(() -> remove(connection, cause));
    }

    private void remove(Connection connection, CloseCause cause) {
        PeerId peer = connection.remotePeer();
        List<Connection> left = new ArrayList<>(of(peer));
        left.remove(connection);
        if (left.isEmpty()) {
            byPeer.remove(peer);
        } else {
            byPeer.put(peer, List.copyOf(left));
        }
        services.events().tell(peer, new HostEvent.ConnectionClosed(connection, left.size(), cause));
    }

    /** Closes those that do not answer a ping in time, then goes on. */
    private void probe(List<Connection> connections, Runnable then) {
        CompletableFuture<?>[] answers = connections.stream()
                .map(connection -> connection
                        .ping()
                        .orTimeout(PROBE_MILLIS, TimeUnit.MILLISECONDS)
                        .handleAsync(
                                (roundTrip, failure) -> {
                                    if (failure != null) {
                                        LOG.debug("connection={} does not answer, closing it", connection.id());
                                        connection.closeNow(CloseCause.error(failure));
                                    }
                                    return null;
                                },
                                services.peerExecutor()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(answers).whenCompleteAsync((all, failure) -> then.run(), services.peerExecutor());
    }

    private void supersede(PeerId peer) {
        Connection kept = canonical(peer).orElse(null);
        if (kept == null || kept.role() != Role.INITIATOR) {
            return;
        }
        kept.ping()
                .whenCompleteAsync(
                        (roundTrip, failure) -> {
                            if (failure == null && kept.isOpen()) {
                                of(peer).stream().filter(other -> other != kept).forEach(Connection::supersede);
                            }
                        },
                        services.peerExecutor());
    }
}
