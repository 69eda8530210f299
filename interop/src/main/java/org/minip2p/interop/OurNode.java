package org.minip2p.interop;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.ProtocolStream;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;

/**
 * A node of ours on loopback that speaks all protocols of the peers.
 *
 * <p>Every wait has a deadline. Thread-safe.
 */
final class OurNode implements AutoCloseable {
    static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    static final ProtocolId HALF = new ProtocolId("/half/1.0.0");
    static final ProtocolId RESET = new ProtocolId("/reset/1.0.0");
    static final ProtocolId PUSHED = new ProtocolId("/pushed/1.0.0");
    static final String AGENT_VERSION = "minip2p-interop/1";
    static final String NODE_VERSION = "minip2p-interop-node";

    /** The default network of the peers. */
    static final String NETWORK = "0x00000502";

    static final String OTHER_NETWORK = "0x00000001";

    static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Host host;
    private final Ping ping;
    private final Identify identify;
    private final Perf perf;
    private volatile Consumer<ProtocolStream> beforeDigest = stream -> {};
    private final BlockingQueue<HostEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<HandshakeEvent> handshakes = new LinkedBlockingQueue<>();

    private OurNode(HostConfig config, PrivateKey identity, Optional<String> networkId) {
        this(Host.builder(), config, identity, networkId);
    }

    private OurNode(HostBuilder builder, HostConfig config, PrivateKey identity, Optional<String> networkId) {
        this.host = await(builder.identity(identity)
                .config(config)
                .listener((node, event) -> events.add(event))
                .handle(ECHO, HALF_OPEN, stream -> stream.pipeline().addLast(new EchoHandler()))
                .handle(
                        HALF,
                        HALF_OPEN,
                        stream -> stream.pipeline().addLast(new DigestHandler(() -> beforeDigest.accept(stream))))
                .handle(RESET, HALF_OPEN, stream -> stream.pipeline().addLast(new ResetHandler(stream)))
                .start());
        this.ping = Ping.install(host);
        this.identify = Identify.install(host, AGENT_VERSION);
        this.perf = Perf.install(host);
        networkId.ifPresent(id -> NodeInfoHandshake.install(
                host,
                () -> NodeInfo.of(id, new Metadata(NODE_VERSION, "", "", "0".repeat(Metadata.SUBNETS_LENGTH))),
                HandshakeOptions.defaults(),
                (node, event) -> handshakes.add(event)));
        // Listens last, so that no peer meets a node without all its protocols.
        await(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    }

    static OurNode start(HostConfig config) {
        return start(config, PrivateKey.generate(KeyType.ED25519));
    }

    static OurNode start(HostConfig config, PrivateKey identity) {
        return new OurNode(config, identity, Optional.empty());
    }

    /** Starts a node with the node-info handshake, on this network. */
    static OurNode startOnNetwork(String networkId, HostConfig config) {
        return new OurNode(config, PrivateKey.generate(KeyType.ED25519), Optional.of(networkId));
    }

    /** Starts a node from this builder, which may have observers and settings of its own. */
    static OurNode start(HostBuilder builder, HostConfig config) {
        return new OurNode(builder, config, PrivateKey.generate(KeyType.ED25519), Optional.empty());
    }

    /** Starts a node that sends nothing on a stream of one of these protocols before the peer has confirmed the protocol. */
    static OurNode startWithConfirmation(ProtocolId... protocols) {
        HostBuilder builder = Host.builder();
        Arrays.stream(protocols).forEach(builder::awaitConfirmation);
        return new OurNode(builder, HostConfig.defaults(), PrivateKey.generate(KeyType.ED25519), Optional.empty());
    }

    /** Starts a node with the given crypto. */
    static OurNode start(PrivateKey identity, NoiseCrypto crypto) {
        return new OurNode(Host.builder().crypto(crypto), HostConfig.defaults(), identity, Optional.empty());
    }

    /** Waits until it has no connection. */
    void awaitNoConnections() {
        eventually("no connection", () -> host.connections().isEmpty());
    }

    Host host() {
        return host;
    }

    Ping ping() {
        return ping;
    }

    Identify identify() {
        return identify;
    }

    Perf perf() {
        return perf;
    }

    /** Sets an action that runs when a request for a digest is complete, before its answer, with its stream. */
    void beforeDigest(Consumer<ProtocolStream> action) {
        beforeDigest = action;
    }

    /** Its address for dials, which ends in the peer id. */
    String address() {
        return host.addresses().get(0).toString();
    }

    /** The address that its identify messages should contain. */
    String addressWithoutPeerId() {
        return host.addresses().get(0).withoutPeerId().toString();
    }

    /** Dials an address. */
    Connection dial(String address) {
        return await(host.dial(Multiaddr.parse(address)));
    }

    /** Sends random bytes on a new stream, ends its side, and returns the answer. */
    CompletableFuture<Answer> request(Connection connection, ProtocolId protocol, int bytes) {
        return request(connection, protocol, new RequestHandler(bytes));
    }

    /** The same, with a request from the caller. */
    CompletableFuture<Answer> request(Connection connection, ProtocolId protocol, RequestHandler request) {
        return connection
                .openStream(protocol, stream -> stream.pipeline().addLast(request))
                .thenCompose(stream -> request.answer());
    }

    /** Waits for the next event of this type; earlier events are dropped. */
    <T extends HostEvent> T awaitEvent(Class<T> type) throws InterruptedException {
        return type.cast(awaitEvent(type::isInstance));
    }

    /** Waits for the next event that matches; earlier events are dropped. */
    HostEvent awaitEvent(Predicate<HostEvent> matches) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            HostEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("our node reported no such event within " + DEADLINE);
            }
            if (matches.test(event)) {
                return event;
            }
        }
    }

    /** Waits for the next event of the handshake, which must have this type. */
    <T extends HandshakeEvent> T awaitHandshake(Class<T> type) throws InterruptedException {
        HandshakeEvent event = handshakes.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        if (!type.isInstance(event)) {
            throw new AssertionError("expected " + type.getSimpleName() + " of our handshake, got " + event);
        }
        return type.cast(event);
    }

    /** Waits for the result of a future on our side; its failure is thrown as the cause of an error. */
    static <T> T await(CompletableFuture<T> future) {
        return await(future, DEADLINE);
    }

    static <T> T await(CompletableFuture<T> future, Duration deadline) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("on our side: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("on our side: no result within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits for the failure of a future on our side. */
    static Throwable failure(CompletableFuture<?> future) {
        Throwable failure = outcome(future);
        if (failure == null) {
            throw new AssertionError("expected a failure, but it succeeded");
        }
        return failure;
    }

    /** Waits for the end of a future on our side; returns its failure, or null. */
    static @Nullable Throwable outcome(CompletableFuture<?> future) {
        Throwable failure = await(future.<@Nullable Throwable>handle((value, error) -> error));
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Waits until a condition is true. */
    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        await(host.closeAsync());
    }
}
