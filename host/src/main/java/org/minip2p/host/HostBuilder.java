package org.minip2p.host;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.book.FileAddressBook;
import org.minip2p.host.book.MemoryAddressBook;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.streams.ProtocolHandler;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.transport.IoBackend;
import org.minip2p.transport.TcpTransport;
import org.minip2p.transport.Transport;
import org.minip2p.transport.UnsupportedAddressException;

/** Builds a {@link Host}. Not thread-safe. */
public final class HostBuilder {
    final List<Multiaddr> listenAddresses = new ArrayList<>();

    @Nullable StreamFailureListener streamFailure;

    final List<Multiaddr> announced = new ArrayList<>();
    AddressFilter addressFilter = (address, peer, remoteAddress) -> true;
    final Map<ProtocolId, ProtocolHandler> handlers = new LinkedHashMap<>();
    final Set<ProtocolId> awaitConfirmation = new HashSet<>();
    final List<HostListener> listeners = new ArrayList<>();
    final List<HostObserver> observers = new ArrayList<>();

    @Nullable PrivateKey identity;

    HostConfig config = HostConfig.defaults();
    ConnectionGater gater = new ConnectionGater() {};

    @Nullable Executor application;

    @Nullable EventLoopGroup eventLoopGroup;

    List<InetSocketAddress> dnsServers = List.of();

    NoiseCrypto crypto = NoiseCrypto.standard();
    IoBackend backend = IoBackend.nio();
    int eventLoops = Math.min(4, Runtime.getRuntime().availableProcessors());
    HostEnvironment environment = new HostEnvironment();
    Comparator<? super PeerStanding> trimOrder = PeerStanding.defaultOrder();

    private @Nullable AddressBook addressBook;
    private @Nullable Path addressBookFile;

    HostBuilder() {}

    /**
     * The host's identity; a new Ed25519 key when none is given.
     *
     * @param key the private key
     * @return this builder
     */
    public HostBuilder identity(PrivateKey key) {
        this.identity = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * Listens on an address; may be called several times.
     *
     * @param multiaddr such as {@code /ip4/0.0.0.0/tcp/4001}; port 0 takes a free one
     * @return this builder
     * @throws IllegalArgumentException when that is no multiaddr
     */
    public HostBuilder listen(String multiaddr) {
        return listen(Multiaddr.parse(multiaddr));
    }

    /**
     * The same for a parsed address.
     *
     * @param address the address
     * @return this builder
     */
    public HostBuilder listen(Multiaddr address) {
        listenAddresses.add(Objects.requireNonNull(address, "address"));
        return this;
    }

    /**
     * Announces another address at which the host can be dialed; may be called several times. See {@link Host#announce}.
     *
     * @param address without a peer id at its end, or with the host's; {@link #start} throws when it ends in another one
     * @return this builder
     * @throws IllegalArgumentException when that is no multiaddr
     */
    public HostBuilder announce(String address) {
        return announce(Multiaddr.parse(address));
    }

    /**
     * The same for a parsed address.
     *
     * @param address the address
     * @return this builder
     */
    public HostBuilder announce(Multiaddr address) {
        announced.add(Objects.requireNonNull(address));
        return this;
    }

    /**
     * Decides which of its addresses the host tells to which peer; by default all to everyone, except addresses that a peer cannot use.
     *
     * @param filter decides
     * @return this builder
     */
    public HostBuilder addressFilter(AddressFilter filter) {
        this.addressFilter = Objects.requireNonNull(filter);
        return this;
    }

    /**
     * Handles a protocol.
     *
     * @param protocol such as {@code /echo/1.0.0}
     * @param peerEnd what happens to a stream when its peer has ended its side
     * @param handler gets each stream that a peer opens for it
     * @return this builder
     * @throws IllegalArgumentException when that is no protocol id
     * @throws IllegalStateException when the protocol already has a handler
     */
    public HostBuilder handle(String protocol, PeerEnd peerEnd, StreamHandler handler) {
        return handle(new ProtocolId(protocol), peerEnd, handler);
    }

    /**
     * Handles a protocol.
     *
     * @param protocol the id of the protocol
     * @param peerEnd what happens to a stream when its peer has ended its side
     * @param handler gets each stream that a peer opens for it
     * @return this builder
     * @throws IllegalStateException when the protocol already has a handler
     */
    public HostBuilder handle(ProtocolId protocol, PeerEnd peerEnd, StreamHandler handler) {
        ProtocolHandler added = new ProtocolHandler(protocol, peerEnd, handler);
        if (handlers.putIfAbsent(protocol, added) != null) {
            throw new IllegalStateException("there is a handler for " + protocol + " already");
        }
        return this;
    }

    /**
     * Sets the listener for uncaught exceptions of stream handlers. Without it they are logged: at WARN with their stack, those of the
     * peer and the network at DEBUG.
     *
     * @param listener the listener
     * @return this builder
     */
    public HostBuilder streamFailure(StreamFailureListener listener) {
        this.streamFailure = Objects.requireNonNull(listener);
        return this;
    }

    /**
     * When this side opens a stream for this protocol, nothing of it is sent before the peer has confirmed it. That costs a round trip. It
     * is for peers that lose a request whose end arrives together with the negotiation, such as js-libp2p handlers that read with an
     * iterator.
     *
     * @param protocol the protocol
     * @return this builder
     */
    public HostBuilder awaitConfirmation(ProtocolId protocol) {
        awaitConfirmation.add(Objects.requireNonNull(protocol, "protocol"));
        return this;
    }

    /**
     * The same for a protocol's name.
     *
     * @param protocol the protocol
     * @return this builder
     * @throws IllegalArgumentException when that is no protocol id
     */
    public HostBuilder awaitConfirmation(String protocol) {
        return awaitConfirmation(new ProtocolId(protocol));
    }

    /**
     * Adds a listener from the start; see {@link Host#addListener}.
     *
     * @param listener the listener
     * @return this builder
     */
    public HostBuilder listener(HostListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /**
     * Adds an observer, which gets what the host does in order to count it; may be called several times. Without an observer, nothing is
     * measured.
     *
     * @param observer the observer
     * @return this builder
     */
    public HostBuilder observer(HostObserver observer) {
        observers.add(Objects.requireNonNull(observer));
        return this;
    }

    /**
     * Sets the address book; by default one in memory. Replaces {@link #addressBookFile}.
     *
     * @param book the book
     * @return this builder
     */
    public HostBuilder addressBook(AddressBook book) {
        this.addressBook = Objects.requireNonNull(book);
        this.addressBookFile = null;
        return this;
    }

    /**
     * Also keeps the address book in a file, which people can read and edit while no host uses it: one address per line. The host reads it
     * at the start, and skips and logs damaged lines. It writes the file half a minute after a change and at the end, as a new file that
     * replaces the old one. Each host needs its own file. Replaces {@link #addressBook}.
     *
     * @param file need not exist, but its folder must; {@link #start} fails with an {@code IOException} when it cannot be read
     * @return this builder
     */
    public HostBuilder addressBookFile(Path file) {
        this.addressBookFile = Objects.requireNonNull(file);
        this.addressBook = null;
        return this;
    }

    /** Blocks while a file is read. */
    void openAddressBook() throws IOException {
        if (addressBookFile != null) {
            addressBook = FileAddressBook.open(addressBookFile, environment.clock);
        }
    }

    /** The host's own book unless one was given. */
    AddressBook addressBook() {
        return addressBook != null ? addressBook : new MemoryAddressBook(environment.clock);
    }

    /**
     * Limits and time-outs.
     *
     * @param config the values of all settings
     * @return this builder
     * @throws IllegalArgumentException when {@code hostMemoryBytes} is too little for any stream
     */
    public HostBuilder config(HostConfig config) {
        long memory = config.get(HostConfig.HOST_MEMORY_BYTES);
        if (memory > 0 && memory < HostMemory.LEAST_BYTES) {
            throw new IllegalArgumentException(HostConfig.HOST_MEMORY_BYTES.name() + " is 0 or at least "
                    + HostMemory.LEAST_BYTES + ", not " + memory);
        }
        this.config = config;
        return this;
    }

    /**
     * Sets which peers are dropped first when there are too many: those that come first in this order. Only peers that may be dropped are
     * compared. The default is {@link PeerStanding#defaultOrder}, which is also used when this order throws; the exception is logged.
     * Called on the thread that decides on connections, so it must not block.
     *
     * @param order compares two peers; the lesser one is dropped first
     * @return this builder
     */
    public HostBuilder trimOrder(Comparator<? super PeerStanding> order) {
        this.trimOrder = Objects.requireNonNull(order);
        return this;
    }

    /**
     * Sets the gater, which decides which connections are allowed; by default all.
     *
     * @param gater decides
     * @return this builder
     */
    public HostBuilder gater(ConnectionGater gater) {
        this.gater = Objects.requireNonNull(gater, "gater");
        return this;
    }

    /**
     * Sets the executor on which listeners are called and dials complete; by default a few daemon threads of the host. The host never
     * shuts it down. If it no longer accepts tasks, events are lost, which is logged, and dials complete elsewhere.
     *
     * @param executor the executor
     * @return this builder
     */
    public HostBuilder applicationExecutor(Executor executor) {
        this.application = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the provider of the cryptographic primitives; by default the fastest on the class path.
     *
     * @param crypto the provider
     * @return this builder
     */
    public HostBuilder crypto(NoiseCrypto crypto) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        return this;
    }

    /**
     * Sets the I/O back end of the host's own event loops; by default NIO.
     *
     * @param backend the back end
     * @return this builder
     */
    public HostBuilder ioBackend(IoBackend backend) {
        this.backend = Objects.requireNonNull(backend, "backend");
        this.eventLoopGroup = null;
        return this;
    }

    /**
     * Uses existing event loops, which other hosts or the application may also use. The host never shuts them down; if someone else does,
     * the host closes. Replaces {@link #ioBackend} and {@link #eventLoops}, and they replace it: the last call counts.
     *
     * @param group the loops; {@link #start} fails when they are shut down, or drive sockets of another back end
     * @param backend the back end of these loops
     * @return this builder
     */
    public HostBuilder eventLoopGroup(EventLoopGroup group, IoBackend backend) {
        this.eventLoopGroup = Objects.requireNonNull(group, "group");
        this.backend = Objects.requireNonNull(backend, "backend");
        return this;
    }

    /**
     * Sets the number of the host's own event loops; by default one per processor, at most four.
     *
     * @param threads the number of event loops, at least 1
     * @return this builder
     * @throws IllegalArgumentException when the number is less than 1
     */
    public HostBuilder eventLoops(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one event loop, not " + threads);
        }
        this.eventLoops = threads;
        this.eventLoopGroup = null;
        return this;
    }

    /**
     * Sets the DNS servers for {@code /dnsaddr}, which are asked one after the other, at most three; by default those of the system. Only
     * the system looks up other names. Netty's resolver, in the jar {@code io.netty:netty-resolver-dns}, asks the servers: without it a
     * dial of a {@code /dnsaddr} fails with {@link UnsupportedAddressException}, which names the jar.
     *
     * @param servers resolved addresses with a port, usually 53; empty for those of the system
     * @return this builder
     * @throws IllegalArgumentException when one is not resolved, or has port 0
     */
    public HostBuilder dnsServers(List<InetSocketAddress> servers) {
        for (InetSocketAddress each : servers) {
            if (each.isUnresolved() || each.getPort() == 0) {
                throw new IllegalArgumentException("expected a resolved address with a port, got " + each);
            }
        }
        this.dnsServers = List.copyOf(servers);
        return this;
    }

    /** Sets the environment of the host, instead of this machine. */
    HostBuilder on(HostEnvironment given) {
        this.environment = given;
        return this;
    }

    HostThreads threads() {
        return environment.threads != null
                ? environment.threads
                : new HostThreads(application, config.get(HostConfig.MAX_VERIFICATIONS));
    }

    Transport transport() {
        if (environment.transport != null) {
            return environment.transport;
        }
        return eventLoopGroup != null
                ? new TcpTransport(backend, eventLoopGroup)
                : new TcpTransport(backend, eventLoops);
    }

    PrivateKey identityOrNew() {
        return identity != null ? identity : PrivateKey.generate(KeyType.ED25519);
    }

    /**
     * Starts the host.
     *
     * @return completes when it listens on every address; fails with {@code ListenFailedException} when it cannot listen on one of them,
     *     with {@link IllegalArgumentException} or {@link IllegalStateException} when the given event loops drive other sockets or are
     *     shut down; after a failure, nothing of the host is left
     */
    public CompletableFuture<Host> start() {
        return HostStart.start(this);
    }
}
