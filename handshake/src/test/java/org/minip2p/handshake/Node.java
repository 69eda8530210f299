package org.minip2p.handshake;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.host.ProtocolContext;

/** A host on loopback with the handshake installed, and the events that the handshake has reported. */
final class Node implements AutoCloseable {
    static final NodeInfo INFO = NodeInfo.of("0x00000502", new Metadata("v1", "geth", "lighthouse", "0".repeat(32)));
    static final NodeInfo OTHER_NETWORK = NodeInfo.of("0x00000001");

    /** Longer than anything that a test waits for takes, even on a slow machine. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A wait and a deadline that never end within a test, so that they cannot be the cause of what happens. */
    static final HandshakeOptions NO_HURRY =
            HandshakeOptions.defaults().withExchangeDeadline(PATIENCE).withWaitForPeer(PATIENCE.multipliedBy(2));

    final Host host;
    final NodeInfoHandshake handshake;
    final BlockingQueue<HandshakeEvent> events = new LinkedBlockingQueue<>();
    private final Set<PeerId> met = ConcurrentHashMap.newKeySet();
    private volatile long completedAt;

    private Node(Host host, Supplier<NodeInfo> local, HandshakeOptions options, Consumer<HandshakeEvent> listener) {
        this.host = host;
        host.protocolContext().observe(new ProtocolContext.ConnectionObserver() {
            @Override
            public void established(Connection connection, int numEstablished) {
                met.add(connection.remotePeer());
            }

            @Override
            public void closed(Connection connection, int numEstablished, CloseCause cause) {
                // The peer is already in the list.
            }
        });
        this.handshake = NodeInfoHandshake.install(host, local, options, (node, event) -> {
            if (event instanceof Completed) {
                completedAt = System.nanoTime();
            }
            listener.accept(event);
            events.add(event);
        });
    }

    static Node start() throws Exception {
        return start(() -> INFO, NO_HURRY);
    }

    static Node start(Supplier<NodeInfo> local, HandshakeOptions options) throws Exception {
        return start(local, options, event -> {});
    }

    static Node start(Supplier<NodeInfo> local, HandshakeOptions options, Consumer<HandshakeEvent> listener)
            throws Exception {
        return start(Host.builder(), local, options, listener);
    }

    /** A host with this configuration. */
    static Node start(HostConfig config) throws Exception {
        return start(Host.builder().config(config), () -> INFO, NO_HURRY, event -> {});
    }

    static Node start(
            HostBuilder builder, Supplier<NodeInfo> local, HandshakeOptions options, Consumer<HandshakeEvent> listener)
            throws Exception {
        Node node = new Node(get(builder.eventLoops(1).start()), local, options, listener);
        get(node.host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        return node;
    }

    /** A host without the handshake. */
    static Host bareHost() throws Exception {
        return get(Host.builder().eventLoops(1).listen("/ip4/127.0.0.1/tcp/0").start());
    }

    PeerId id() {
        return host.peerId();
    }

    Connection dial(Host other) throws Exception {
        return get(startDialing(other));
    }

    /** Makes a new connection, even if there is one already or another one is established meanwhile. */
    CompletableFuture<Connection> startDialing(Host other) {
        return startDialing(host, other);
    }

    static CompletableFuture<Connection> startDialing(Host host, Host other) {
        return host.dial(other.addresses().get(0).withoutPeerId(), DialOptions.toAnyPeer());
    }

    /** When the last completion was reported, by {@code System.nanoTime}. */
    long completedAt() {
        return completedAt;
    }

    /** The next event, which must be of this type. */
    <T extends HandshakeEvent> T next(Class<T> type) throws InterruptedException {
        HandshakeEvent event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!type.isInstance(event)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", but came " + event);
        }
        return type.cast(event);
    }

    FailureReason nextFailure() throws InterruptedException {
        return next(Failed.class).reason();
    }

    /** Closes every connection and so ends everything in progress, so that no further event can come. */
    void disconnect() throws Exception {
        disconnect(this);
    }

    /** The same for several nodes. A connection that one of them has already may reach another only now. */
    static void disconnect(Node... nodes) throws Exception {
        eventually("connections or state of peers are left", () -> {
            boolean nothing = true;
            for (Node node : nodes) {
                node.host.connections().forEach(Connection::close);
                nothing &= node.host.connections().isEmpty() && get(node.handshake.peersKept()) == 0;
            }
            return nothing;
        });
        for (Node node : nodes) {
            node.awaitNoPeers();
        }
    }

    /** Waits until no state is kept for any peer and all events have been delivered. */
    void awaitNoPeers() throws Exception {
        try {
            eventually("state is kept of peers", () -> get(handshake.peersKept()) == 0);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", connections " + host.connections(), e);
        }
        for (PeerId peer : met) {
            CompletableFuture<Void> told = new CompletableFuture<>();
            host.protocolContext().tell(peer, () -> told.complete(null));
            get(told);
        }
    }

    @Override
    public void close() {
        close(host);
    }

    static void close(Host host) {
        host.closeAsync().orTimeout(10, TimeUnit.SECONDS).join();
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A condition that may ask another thread, and so may throw. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void eventually(String otherwise, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after " + PATIENCE + ": " + otherwise);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
