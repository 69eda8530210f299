package org.minip2p.host;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.ListenFailedException;
import org.minip2p.transport.TcpTransport;
import org.minip2p.yamux.YamuxConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A libp2p node: an identity, the addresses it listens on, its connections, and the protocols it speaks.
 *
 * <pre>{@code
 * Host host = Host.builder()
 *         .listen("/ip4/127.0.0.1/tcp/0")
 *         .handle("/echo/1.0.0", stream -> stream.pipeline().addLast(new EchoHandler()))
 *         .start()
 *         .join();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * <h2>Threads</h2>
 *
 * Each connection belongs to one event loop; stream handlers run there and must not block. What concerns several connections of a peer is
 * decided on one serial executor, {@link #peerExecutor}. Listeners are told, and dials complete, on the application's executor.
 */
public final class Host implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private final PrivateKey identity;
    private final HostServices services;
    private final HostThreads threads;
    private final TcpTransport transport;
    private final ConnectionTable table;
    private final Dialer dialer;
    private final Acceptor acceptor;
    private final AddressResolver resolver;
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable CompletableFuture<Void>> closing = new AtomicReference<>();

    private Host(HostBuilder builder) {
        this.identity = builder.identityOrNew();
        PeerId self = PeerId.of(identity.publicKey());
        HostConfig config = builder.config;
        this.threads = new HostThreads(builder.application, config.get(HostConfig.MAX_VERIFICATIONS));
        this.transport = new TcpTransport(builder.backend, builder.eventLoops);
        this.resolver = new AddressResolver(threads.resolver(), config.get(HostConfig.NAME_TIMEOUT));
        this.services = new HostServices(
                self,
                config,
                NoiseIdentity.create(identity, noiseConfig(config, builder.crypto)),
                YamuxConfig.defaults().withSettingsOf(config),
                builder.memory,
                MultistreamConfig.defaults().withSettingsOf(config),
                new ProtocolRegistry(),
                Set.copyOf(builder.awaitConfirmation),
                new CarefulGater(builder.gater),
                new ConnectionLimits(config, builder.addressKey),
                new Events(threads.application(), config.get(HostConfig.MAX_WAITING_EVENTS)),
                threads.verifier(),
                threads.peerExecutor(),
                new AtomicLong());
        this.table = new ConnectionTable(services, this::established);
        this.dialer = new Dialer(services, transport, resolver, table, this::listensOn, threads.application());
        this.acceptor = new Acceptor(services, table);
        builder.handlers.forEach(services.protocols()::add);
        builder.listeners.forEach(services.events()::addListener);
    }

    private static NoiseConfig noiseConfig(HostConfig config, NoiseCrypto crypto) {
        return NoiseConfig.defaults()
                .withMuxers(List.of(Upgrade.YAMUX.value()))
                .withEarlyMuxerNegotiation(config.get(HostConfig.EARLY_MUXER_NEGOTIATION))
                .withCrypto(crypto);
    }

    /** What a host is made with. */
    public static HostBuilder builder() {
        return new HostBuilder();
    }

    static CompletableFuture<Host> start(HostBuilder builder) {
        Host host = new Host(builder);
        LOG.info(
                "host={} starting transport={} crypto={} config={}",
                host.peerId(),
                host.transport,
                host.services.noise().config().crypto().name(),
                host.services.config());
        CompletableFuture<?>[] binds =
                builder.listenAddresses.stream().map(host::listen).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(binds).handle((done, failure) -> failure).thenCompose(failure -> {
            if (failure == null) {
                return CompletableFuture.completedFuture(host);
            }
            return host.closeAsync().thenCompose(closed -> CompletableFuture.failedFuture(Dialer.unwrapped(failure)));
        });
    }

    /**
     * Listens on one more address.
     *
     * @return completes when it does; fails with {@code ListenFailedException} or what else is wrong with the address
     */
    public CompletableFuture<Void> listen(Multiaddr address) {
        return resolver.resolve(address).thenCompose(found -> bind(address, found.get(0)));
    }

    private CompletableFuture<Void> bind(Multiaddr address, InetSocketAddress local) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        transport.listen(local, acceptor.pause(), acceptor.initializer()).addListener(bound -> {
            if (bound.isSuccess()) {
                Channel channel = ((ChannelFuture) bound).channel();
                listening.add(new Listening(channel, local.getAddress()));
                if (closing.get() != null) {
                    channel.close();
                }
                result.complete(null);
            } else {
                result.completeExceptionally(new ListenFailedException(address, bound.cause()));
            }
        });
        return result;
    }

    /** Who this host is. */
    public PeerId peerId() {
        return services.self();
    }

    /** The host's public key. */
    public PublicKey publicKey() {
        return identity.publicKey();
    }

    /** The host's key, for protocols that sign with it. */
    public PrivateKey identity() {
        return identity;
    }

    /** The limits and time-outs in force. */
    public HostConfig config() {
        return services.config();
    }

    /** Where this host can be dialed: real ports, the interfaces' addresses for a wildcard, each ending in {@code /p2p}. */
    public List<Multiaddr> addresses() {
        List<Multiaddr> addresses = new ArrayList<>();
        for (Listening each : listening) {
            each.bound().ifPresent(bound -> addresses.addAll(ListenAddresses.of(bound, peerId())));
        }
        return addresses;
    }

    /** Whether a dial to this address would end at this host. */
    private boolean listensOn(InetSocketAddress address) {
        for (Listening each : listening) {
            InetSocketAddress bound = each.bound().orElse(null);
            if (bound != null && ListenAddresses.include(bound, address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Connects to the peer at an address that ends in {@code /p2p}: gives the live connection to it if there is one, joins the dial under
     * way, or dials.
     *
     * @return fails with {@link DialFailedException} or {@link ConnectionDeniedException}; cancelling the last future of a dial ends it
     * @throws IllegalArgumentException when the address names no peer: see {@link DialOptions#toAnyPeer}
     */
    public CompletableFuture<Connection> dial(Multiaddr address) {
        return dial(requirePeer(address), List.of(address));
    }

    /**
     * Connects to a peer at any of several addresses, which race. Otherwise as {@link #dial(Multiaddr)}.
     *
     * @param peer who must be there
     * @param addresses where; one that ends in another peer's {@code /p2p} is not tried
     */
    public CompletableFuture<Connection> dial(PeerId peer, List<Multiaddr> addresses) {
        List<Multiaddr> own = addresses.stream()
                .filter(address -> address.peerId().map(peer::equals).orElse(true))
                .toList();
        return dialer.connect(peer, own);
    }

    /**
     * Dials an address whatever there is already, if the condition holds.
     *
     * @return fails with {@link DialRefusedException} at once when it does not
     * @throws IllegalArgumentException when the address names no peer and any peer was not asked for
     */
    public CompletableFuture<Connection> dial(Multiaddr address, DialOptions options) {
        PeerId peer = options.anyPeer() ? address.peerId().orElse(null) : requirePeer(address);
        return dialer.dial(peer, address, options.condition());
    }

    private static PeerId requirePeer(Multiaddr address) {
        return address.peerId()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the address names no peer: " + address + "; expected /p2p/<peer id> at its end"));
    }

    /** The connection that new streams to a peer should use, if there is one. */
    public Optional<Connection> connection(PeerId peer) {
        return table.canonical(peer);
    }

    /** All connections to a peer, in the order in which they were established. */
    public List<Connection> connections(PeerId peer) {
        return table.of(peer);
    }

    /** All connections. */
    public List<Connection> connections() {
        return table.all();
    }

    /**
     * Answers to one more protocol.
     *
     * @throws IllegalStateException when there is a handler for it already
     */
    public void handle(ProtocolId protocol, StreamHandler handler) {
        services.protocols().add(protocol, handler);
    }

    /** Answers to a protocol no more; streams that are open go on. Whether there was a handler. */
    public boolean stopHandling(ProtocolId protocol) {
        return services.protocols().remove(protocol);
    }

    /** What this host answers to. */
    public List<ProtocolId> protocols() {
        return services.protocols().ids();
    }

    /** Tells events on the application's executor, those of one peer one after the other. */
    public void addListener(HostListener listener) {
        services.events().addListener(listener);
    }

    /** Tells this listener no more. */
    public void removeListener(HostListener listener) {
        services.events().removeListener(listener);
    }

    /**
     * Tells events on {@link #peerExecutor}, in the very task that made them true. For protocols that keep state per peer; such an
     * observer must not block.
     */
    public void addPeerObserver(HostListener observer) {
        services.events().addObserver(observer);
    }

    /** Tells this observer no more. */
    public void removePeerObserver(HostListener observer) {
        services.events().removeObserver(observer);
    }

    /** The one thread on which what concerns several connections of a peer is decided. Tasks must not block. */
    public EventExecutor peerExecutor() {
        return services.peerExecutor();
    }

    /** Runs a task on the application's executor, in order with the events of this peer. */
    public void tell(PeerId peer, Runnable task) {
        services.events().run(peer, task);
    }

    /** Where listeners are told and dials complete. */
    public Executor applicationExecutor() {
        return threads.application();
    }

    /**
     * Stops accepting, then closes every connection in good order, then ends the host's threads.
     *
     * @return completes when nothing is left
     */
    public CompletableFuture<Void> closeAsync() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (!closing.compareAndSet(null, result)) {
            CompletableFuture<Void> running = closing.get();
            return running == null ? result : running;
        }
        List<CompletableFuture<Void>> listeners =
                listening.stream().map(each -> closed(each.channel)).toList();
        services.peerExecutor().execute(() -> {
            dialer.close();
            table.close();
            Stream<CompletableFuture<?>> connections = table.all().stream()
                    .map(connection -> connection.close(CloseCause.of(CloseCause.Reason.HOST_CLOSED)));
            CompletableFuture.allOf(
                            Stream.concat(listeners.stream(), connections).toArray(CompletableFuture[]::new))
                    .whenComplete((all, failure) -> endThreads(result));
        });
        return result;
    }

    private static CompletableFuture<Void> closed(Channel listener) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        listener.close().addListener(done -> closed.complete(null));
        return closed;
    }

    private void endThreads(CompletableFuture<Void> result) {
        transport.shutdown().addListener(down -> {
            // The last connections have posted their end: it is told before the executor goes.
            services.peerExecutor().execute(() -> {
                services.noise().close();
                threads.shutdown();
                result.complete(null);
            });
        });
    }

    /** Closes as {@link #closeAsync} does and waits for the end; not to be called on a thread of the host. */
    @Override
    public void close() {
        closeAsync().join();
    }

    HostMemory memory() {
        return services.memory();
    }

    Executor verifier() {
        return services.verifier();
    }

    ConnectionLimits limits() {
        return services.limits();
    }

    /**
     * A socket that listens.
     *
     * @param asked the address that was asked for: a socket for every IPv4 address says of itself that it is one for IPv6
     */
    private record Listening(Channel channel, InetAddress asked) {
        /** Where it really listens; empty when it is closed. */
        Optional<InetSocketAddress> bound() {
            return channel.localAddress() instanceof InetSocketAddress bound
                    ? Optional.of(new InetSocketAddress(asked, bound.getPort()))
                    : Optional.empty();
        }
    }

    private void established(Connection connection) {
        dialer.established(connection);
    }

    @Override
    public String toString() {
        return "host " + peerId();
    }
}
