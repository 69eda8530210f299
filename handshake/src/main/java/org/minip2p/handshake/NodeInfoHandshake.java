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
 * The node-info handshake: exchanges signed node information with every peer of a host, by itself, and tells how it went.
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
 * Connections that are there already take part, too.
 *
 * <p>One object a host. Thread-safe.
 *
 * <h2>When our own side changes</h2>
 *
 * What we say and which networks are accepted is asked of the application for each exchange, so that both may change at any time. Peers
 * that have been asked learn of it when they are {@link #askAgain asked again}. At a fork of the network: accept both networks before it,
 * say the new one at the fork, accept the old one no more some time later, and only then {@link #askAgainAll ask all}; see {@link
 * NetworkSchedule}.
 *
 * <h2>Threads</h2>
 *
 * The listener is called on the host's application executor, in order for each peer, as {@link ProtocolContext#tell} does it: a slow listener delays
 * the events of the same peer only. Of several {@link HandshakeEvent.Updated} that would wait for it the latest is told alone. The suppliers of our own side are called there, too, one after the other: one that does not return
 * fails the exchanges that wait for it, at their deadlines. Filters are called there as
 * well, in order with what the listener is told of the same peer, and one that does not return costs that peer alone: its exchange fails at
 * the deadline, and its connections are closed as {@link ProtocolContext#tell} says.
 */
// Where what happens: streams are read, verified and answered on their connections' event loops. What is known about
// peers, all decisions and timers belong to the protocol context. What passes from there is a call of
// the host, what passes to there a task. Events of one connection come in their order, since its loop posts them all.
public final class NodeInfoHandshake implements AutoCloseable {
    /** The name of the protocol (NIF-1). */
    public static final ProtocolId ID = new ProtocolId("/ssv/info/0.0.1");

    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /** Exchanges of a peer at once; no node starts more than one on a connection (NIF-30). */
    private static final int MAX_REQUESTS = 8;

    /** Over which its exchanges are counted, in seconds: at an event that concerns all peers they come in bursts. */
    private static final int WINDOW_SECONDS = 10;

    private final HandshakeServices services;
    private final ProtocolContext.ConnectionObserver observer = new Peers();

    // Confined to the protocol context.
    private final Map<PeerId, PeerHandshake> peers = new LinkedHashMap<>();
    private final AskQueue asks;
    private boolean closed;

    /** Asked by the application, and not yet known on the context: a thousand calls are one task. */
    private final Set<PeerId> askedPeers = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean isAllAsked = new AtomicBoolean();

    private NodeInfoHandshake(HandshakeServices services) {
        this.services = services;
        this.asks =
                new AskQueue(services.context()::schedule, services.options().asksPerSecond(), this::askNow);
    }

    /**
     * Makes a host shake hands with its peers.
     *
     * @param local gives our own node info as it is now. Called for each exchange, and once more for what is accepted unless the options say
     *     that; on the application's executor. What it throws is logged, and fails the exchange
     * @param options how
     * @param listener is told how it went, on the application's executor
     * @return to end it
     * @throws IllegalStateException when the host has the protocol already
     */
    public static NodeInfoHandshake install(
            Host host, Supplier<NodeInfo> local, HandshakeOptions options, HandshakeListener listener) {
        OwnSide own = new OwnSide(local, options.acceptedNetworks(), host, host.applicationExecutor());
        NodeInfoCheck check = new NodeInfoCheck(options.filters());
        NodeInfoHandshake handshake = new NodeInfoHandshake(new HandshakeServices(
                host, host.protocolContext(), own, check, options, RecordedHandshakes.of(listener)));
        StreamQuota quota = StreamQuota.ofOpen(MAX_REQUESTS)
                .withRate(WINDOW_SECONDS * options.requestsPerSecond(), Duration.ofSeconds(WINDOW_SECONDS));
        // First, so that the first request comes behind it.
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
            LOG.debug("{} reset: the application has not taken what was told of its peer before", stream);
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
     * Asks a peer again, since our own node info has changed, or what is accepted: it is asked on a connection that is there, once, after
     * an exchange that is under way. What it tells is told with {@link HandshakeEvent.Updated} if it is other than before; {@link
     * HandshakeEvent.Completed} is not told again. A peer that is not for us any more is told with a permanent {@link
     * HandshakeEvent.Failed} on each of its connections, which are closed.
     *
     * <p>Peers are asked one after the other, at most {@link HandshakeOptions#asksPerSecond} a second; one that is named again while it
     * waits for its turn is asked once. Nothing happens for a peer without connections: it is asked when it has one.
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

    /** Asks every peer again that has a connection now, as {@link #askAgain} does. */
    public void askAgainAll() {
        if (isAllAsked.compareAndSet(false, true)) {
            services.onContext(() -> {
                isAllAsked.set(false);
                List.copyOf(peers.keySet()).forEach(asks::add);
            });
        }
    }

    /** Whether it is there. */
    private boolean askNow(PeerId peer) {
        PeerHandshake handshake = peers.get(peer);
        if (handshake != null) {
            handshake.ask();
        }
        return handshake != null;
    }

    /** Of how many peers something is kept. */
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

    /** How many questions to the application wait for one that does not return. */
    CompletableFuture<Integer> questionsWaiting() {
        return CompletableFuture.supplyAsync(() -> services.own().waiting(), services.context());
    }

    /**
     * Ends it: exchanges under way are reset, peers are answered no more, connections are left as they are. Events that wait to be told
     * still are.
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
