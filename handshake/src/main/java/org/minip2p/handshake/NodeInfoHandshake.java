package org.minip2p.handshake;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamQuota;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node-info handshake: automatically exchanges signed node information with every peer of a host, and reports the result.
 *
 * <pre>{@code
 * NodeInfoHandshake.install(host, () -> ownInfo, HandshakeOptions.defaults(), (node, event) -> {
 *     if (event instanceof HandshakeEvent.Completed completed) {
 *         welcome(completed.peerId(), completed.theirInfo());
 *     }
 * });
 * }</pre>
 *
 * <p>Peers ask as soon as they are connected, so it is best installed before the host listens: {@code Host.listen} may be called then.
 * Existing connections take part, too.
 *
 * <p>One object per host. Thread-safe.
 *
 * <h2>When our own side changes</h2>
 *
 * The application supplies our own info and the accepted networks for each exchange, so that both may change at any time. Peers that have been asked
 * learn of a change when they are {@link #askAgain asked again}. At a fork of the network: accept both networks before it, send the new one from the
 * fork on, stop accepting the old one some time later, and only then {@link #askAgainAll ask all}; see {@link NetworkSchedule}.
 *
 * <h2>Threads</h2>
 *
 * The listener is called on the host's application executor, in order for each peer, through {@link ProtocolContext#tell}: a slow listener delays
 * only the events of the same peer. Of several waiting {@link HandshakeEvent.Updated}, only the latest is reported. The suppliers of our own side are
 * also called there, one after the other: if one does not return, the exchanges that wait for it fail at their deadlines. Filters are called there as
 * well, in order with the listener's events of the same peer. One that does not return affects only that peer: its exchange fails at the deadline,
 * and its connections are closed as {@link ProtocolContext#tell} says.
 */
// Threads: streams are read, verified and answered on their connections' event loops. The state of peers, all decisions
// and timers belong to the
// protocol context. It calls the host, and event loops post tasks to it. Events of one connection arrive in order,
// since its loop posts them all.
public final class NodeInfoHandshake implements AutoCloseable {
    /** The name of the protocol (NIF-1). */
    public static final ProtocolId ID = new ProtocolId("/ssv/info/0.0.1");

    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /** The most concurrent exchanges of a peer; no node starts more than one on a connection (NIF-30). */
    private static final int MAX_REQUESTS = 8;

    /** The window over which its exchanges are counted, in seconds: an event that concerns all peers causes bursts. */
    private static final int WINDOW_SECONDS = 10;

    private final HandshakeServices services;
    private final ProtocolContext.ConnectionObserver observer = new Peers();

    // Confined to the protocol context.
    private final Map<PeerId, PeerHandshake> peers = new LinkedHashMap<>();
    private final AskQueue asks;
    private boolean closed;

    /** Requested by the application, but not yet on the context: a thousand calls make one task. */
    private final Set<PeerId> askedPeers = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean isAllAsked = new AtomicBoolean();

    private NodeInfoHandshake(HandshakeServices services) {
        this.services = services;
        this.asks =
                new AskQueue(services.context()::schedule, services.options().asksPerSecond(), this::askNow);
    }

    /**
     * Installs the handshake on a host.
     *
     * @param host the host
     * @param local supplies our current node info. Called for each exchange, and again for the accepted networks unless the options supply them; on
     *     the application's executor. An exception is logged and fails the exchange
     * @param options the options
     * @param listener receives the results, on the application's executor
     * @return ends the handshake when it is closed
     * @throws IllegalStateException when the host already has the protocol
     */
    public static NodeInfoHandshake install(
            Host host, Supplier<NodeInfo> local, HandshakeOptions options, HandshakeListener listener) {
        OwnSide own = new OwnSide(local, options.acceptedNetworks(), host, host.applicationExecutor());
        NodeInfoCheck check = new NodeInfoCheck(options.filters());
        NodeInfoHandshake handshake = new NodeInfoHandshake(new HandshakeServices(
                host, host.protocolContext(), own, check, options, RecordedHandshakes.of(listener)));
        StreamQuota quota = StreamQuota.ofOpen(MAX_REQUESTS)
                .withRate(WINDOW_SECONDS * options.requestsPerSecond(), Duration.ofSeconds(WINDOW_SECONDS));
        // First, so that the first request comes after it.
        handshake.services.onContext(handshake::start);
        try {
            host.handle(ID, HALF_OPEN, host.protocolContext().limited(quota, handshake::answer));
        } catch (IllegalStateException e) {
            handshake.services.onContext(handshake::end);
            throw e;
        }
        return handshake;
    }

    private void start() {
        if (!closed) {
            services.context().observe(observer);
        }
    }

    private final class Peers implements ProtocolContext.ConnectionObserver {
        @Override
        public void established(Connection connection, int numEstablished) {
            NodeInfoHandshake.this.established(connection);
        }

        @Override
        public void closed(Connection connection, int numEstablished, CloseCause cause) {
            NodeInfoHandshake.this.closed(connection);
        }
    }

    private void established(Connection connection) {
        peers.computeIfAbsent(connection.remotePeer(), peer -> new PeerHandshake(peer, services))
                .established(connection);
    }

    private void closed(Connection connection) {
        PeerHandshake handshake = peers.get(connection.remotePeer());
        if (handshake != null) {
            handshake.closed(connection);
            if (handshake.isOver()) {
                handshake.cancel();
                peers.remove(connection.remotePeer());
            }
        }
    }

    /** The peer has opened a stream. Event loop. */
    private void answer(ProtocolStream stream) {
        if (services.context().isBehind(stream.remotePeer())) {
            LOG.debug("{} reset: the application has not processed earlier events of its peer", stream);
            stream.reset();
            return;
        }
        ResponderExchange exchange = ResponderExchange.start(stream, services);
        services.onContext(() -> {
            PeerHandshake handshake = peers.get(stream.remotePeer());
            if (handshake != null) {
                handshake.requested(exchange);
            } else {
                exchange.reset();
            }
        });
    }

    /**
     * Asks a peer again, because our own node info or the accepted networks have changed: once, on an existing connection, after a pending exchange.
     * If the peer's info differs from before, it is reported with {@link HandshakeEvent.Updated}; {@link HandshakeEvent.Completed} is not reported
     * again. A peer that we no longer accept is reported with a permanent {@link HandshakeEvent.Failed} on each of its connections, which are closed.
     *
     * <p>Peers are asked one after the other, at most {@link HandshakeOptions#asksPerSecond} a second; a peer that is requested again while it waits
     * for its turn is asked once. Nothing happens for a peer without connections: it is asked when it has one.
     *
     * @param peer the peer
     */
    public void askAgain(PeerId peer) {
        if (askedPeers.add(peer)) {
            services.onContext(() -> {
                askedPeers.remove(peer);
                if (peers.containsKey(peer)) {
                    asks.add(peer);
                }
            });
        }
    }

    /** Asks every peer that has a connection now, as {@link #askAgain} does. */
    public void askAgainAll() {
        if (isAllAsked.compareAndSet(false, true)) {
            services.onContext(() -> {
                isAllAsked.set(false);
                List.copyOf(peers.keySet()).forEach(asks::add);
            });
        }
    }

    /** Returns whether the peer has a connection. */
    private boolean askNow(PeerId peer) {
        PeerHandshake handshake = peers.get(peer);
        if (handshake != null) {
            handshake.ask();
        }
        return handshake != null;
    }

    /** The number of peers with state. */
    CompletableFuture<Integer> peersKept() {
        return CompletableFuture.supplyAsync(peers::size, services.context());
    }

    /** Whether a connection to this peer is open on which an exchange has completed. */
    CompletableFuture<Boolean> isCovered(PeerId peer) {
        return CompletableFuture.supplyAsync(
                () -> {
                    PeerHandshake handshake = peers.get(peer);
                    return handshake != null && handshake.isCovered();
                },
                services.context());
    }

    /** Whether no exchange of ours with this peer is in flight or due. */
    CompletableFuture<Boolean> isQuiet(PeerId peer) {
        return CompletableFuture.supplyAsync(
                () -> {
                    PeerHandshake handshake = peers.get(peer);
                    return asks.isEmpty() && (handshake == null || handshake.isQuiet());
                },
                services.context());
    }

    /** How many questions to the application wait behind one that has not returned. */
    CompletableFuture<Integer> questionsWaiting() {
        return CompletableFuture.supplyAsync(() -> services.own().waiting(), services.context());
    }

    /**
     * Ends the handshake: resets pending exchanges and stops answering peers. Connections stay open, and waiting events are still delivered.
     */
    @Override
    public void close() {
        services.host().stopHandling(ID);
        services.onContext(this::end);
    }

    private void end() {
        closed = true;
        services.context().stopObserving(observer);
        asks.clear();
        peers.values().forEach(PeerHandshake::cancel);
        peers.clear();
    }
}
