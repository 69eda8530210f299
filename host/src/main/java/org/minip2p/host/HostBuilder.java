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

/** Makes a {@link Host}. Not thread-safe. */
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

    /** The host's identity; a new Ed25519 key when none is given. */
    public HostBuilder identity(PrivateKey key) {
        this.identity = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * Listens on an address; may be called several times.
     *
     * @param multiaddr such as {@code /ip4/0.0.0.0/tcp/4001}; port 0 takes a free one
     * @throws IllegalArgumentException when that is no multiaddr
     */
    public HostBuilder listen(String multiaddr) {
        return listen(Multiaddr.parse(multiaddr));
    }

    /** The same for an address that was read already. */
    public HostBuilder listen(Multiaddr address) {
        listenAddresses.add(Objects.requireNonNull(address, "address"));
        return this;
    }

    /**
     * Says of the host that it can be dialed there, beside where it listens; may be called several times. See {@link Host#announce}.
     *
     * @param address without a peer id at its end, or with the host's; {@link #start} throws when it ends in another one
     * @throws IllegalArgumentException when that is no multiaddr
     */
    public HostBuilder announce(String address) {
        return announce(Multiaddr.parse(address));
    }

    /** The same for an address that was read already. */
    public HostBuilder announce(Multiaddr address) {
        announced.add(Objects.requireNonNull(address));
        return this;
    }

    /** Which of its addresses the host tells to whom; by default all to everyone, but for those that mean nothing to a peer. */
    public HostBuilder addressFilter(AddressFilter filter) {
        this.addressFilter = Objects.requireNonNull(filter);
        return this;
    }

    /**
     * Answers to a protocol.
     *
     * @param protocol such as {@code /echo/1.0.0}
     * @param peerEnd what becomes of a stream whose peer has ended its side
     * @param handler gets each stream that a peer opens for it
     * @throws IllegalArgumentException when that is no protocol id
     */
    public HostBuilder handle(String protocol, PeerEnd peerEnd, StreamHandler handler) {
        return handle(new ProtocolId(protocol), peerEnd, handler);
    }

    /**
     * Answers to a protocol.
     *
     * @param protocol which
     * @param peerEnd what becomes of a stream whose peer has ended its side
     * @param handler gets each stream that a peer opens for it
     */
    public HostBuilder handle(ProtocolId protocol, PeerEnd peerEnd, StreamHandler handler) {
        ProtocolHandler added = new ProtocolHandler(protocol, peerEnd, handler);
        if (handlers.putIfAbsent(protocol, added) != null) {
            throw new IllegalStateException("there is a handler for " + protocol + " already");
        }
        return this;
    }

    /**
     * Who is told of exceptions that the handlers of a stream threw and nobody caught. Without this they are logged: with their stack at
     * WARN, those of the peer and the network at DEBUG.
     */
    public HostBuilder streamFailure(StreamFailureListener listener) {
        this.streamFailure = Objects.requireNonNull(listener);
        return this;
    }

    /**
     * When this side opens a stream for this protocol, nothing of it is sent before the peer has confirmed it. That costs a round trip,
     * and is for peers that lose a request whose end arrives together with the negotiation: js-libp2p handlers that read with an iterator
     * do.
     */
    public HostBuilder awaitConfirmation(ProtocolId protocol) {
        awaitConfirmation.add(Objects.requireNonNull(protocol, "protocol"));
        return this;
    }

    /**
     * The same for a protocol's name.
     *
     * @throws IllegalArgumentException when that is no protocol id
     */
    public HostBuilder awaitConfirmation(String protocol) {
        return awaitConfirmation(new ProtocolId(protocol));
    }

    /** Is told of events from the start; see {@link Host#addListener}. */
    public HostBuilder listener(HostListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /** Is told what the host does, to count it; may be called several times. Without any, nothing is measured. */
    public HostBuilder observer(HostObserver observer) {
        observers.add(Objects.requireNonNull(observer));
        return this;
    }

    /** Where peers are known to be; by default a book in memory. Takes the place of {@link #addressBookFile}. */
    public HostBuilder addressBook(AddressBook book) {
        this.addressBook = Objects.requireNonNull(book);
        this.addressBookFile = null;
        return this;
    }

    /**
     * Keeps the address book in a file as well, which people can read and change while no host uses it: one address a line. It is read at
     * the start, where damaged lines are skipped and logged, and written half a minute behind a change and at the end, as a whole to
     * another file that takes its place. One host a file. Takes the place of {@link #addressBook}.
     *
     * @param file need not exist, but its folder must; {@link #start} fails with an {@code IOException} when it cannot be read
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

    /** A host's own unless one was given. */
    AddressBook addressBook() {
        return addressBook != null ? addressBook : new MemoryAddressBook(environment.clock);
    }

    /**
     * Limits and time-outs.
     *
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
     * Which peers go first when there are too many: those that come first in this order. Only such are compared as may go. By default
     * {@link PeerStanding#defaultOrder}, which is also used when this one throws; that is logged. Called on the thread that decides on
     * connections, so it must not block.
     */
    public HostBuilder trimOrder(Comparator<? super PeerStanding> order) {
        this.trimOrder = Objects.requireNonNull(order);
        return this;
    }

    /** Decides which connections are made; by default all. */
    public HostBuilder gater(ConnectionGater gater) {
        this.gater = Objects.requireNonNull(gater, "gater");
        return this;
    }

    /**
     * Where listeners are told and dials complete; by default a few daemon threads of the host's own. The host never ends it, and does
     * without it once it takes no task any more: events are then lost, which is logged, and dials complete elsewhere.
     */
    public HostBuilder applicationExecutor(Executor executor) {
        this.application = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /** Where the cryptographic primitives come from; by default the fastest that are on the class path. */
    public HostBuilder crypto(NoiseCrypto crypto) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        return this;
    }

    /** How sockets are driven, on event loops of the host's own; by default NIO. */
    public HostBuilder ioBackend(IoBackend backend) {
        this.backend = Objects.requireNonNull(backend, "backend");
        this.eventLoopGroup = null;
        return this;
    }

    /**
     * Uses event loops that are there already, and that others may use as well: other hosts, or the application. The host never ends them;
     * when somebody else does, it closes. Takes the place of {@link #ioBackend} and {@link #eventLoops}, and they of it: the last call
     * counts.
     *
     * @param group the loops; {@link #start} fails when they are shut down, or drive sockets of another back end
     * @param backend how they drive sockets
     */
    public HostBuilder eventLoopGroup(EventLoopGroup group, IoBackend backend) {
        this.eventLoopGroup = Objects.requireNonNull(group, "group");
        this.backend = Objects.requireNonNull(backend, "backend");
        return this;
    }

    /** The number of event loops of the host's own; by default one a processor, four at most. */
    public HostBuilder eventLoops(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one event loop, not " + threads);
        }
        this.eventLoops = threads;
        this.eventLoopGroup = null;
        return this;
    }

    /**
     * Which DNS servers are asked for {@code /dnsaddr}, one after the other, three at most; by default those of the system. Other names
     * are the system's business alone. It is Netty's resolver that asks them, in the jar {@code io.netty:netty-resolver-dns}: without it
     * a dial of a {@code /dnsaddr} fails with {@link UnsupportedAddressException}, which names the jar.
     *
     * @param servers resolved addresses with a port, usually 53; empty for those of the system
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

    /** What the host stands on, in the place of this machine. */
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
     * @return completes when it listens on every address; fails with {@code ListenFailedException} when one cannot be listened on, with
     *     {@link IllegalArgumentException} or {@link IllegalStateException} when the event loops that it was given drive other sockets or
     *     are shut down; then nothing of the host is left
     */
    public CompletableFuture<Host> start() {
        return HostStart.start(this);
    }
}
