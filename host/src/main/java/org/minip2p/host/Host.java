package org.minip2p.host;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.host.accepting.Listeners;
import org.minip2p.host.streams.ProtocolHandler;
import org.minip2p.host.streams.StreamFailures;
import org.minip2p.host.threads.HostThreads;

/**
 * A libp2p node: an identity, the addresses it listens on, its connections, and the protocols it speaks.
 *
 * <pre>{@code
 * Host host = Host.builder()
 *         .listen("/ip4/127.0.0.1/tcp/0")
 *         .handle("/echo/1.0.0", PeerEnd.CLOSE_WITH_PEER, stream -> stream.pipeline().addLast(new EchoHandler()))
 *         .start()
 *         .join();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * <h2>Threads</h2>
 *
 * All threads of a host are daemon threads, which do not keep a process alive. They end with the host:
 *
 * <ul>
 *   <li>{@code minip2p-io}: the event loops, unless {@link HostBuilder#eventLoopGroup} sets others, which the host never shuts down. Each
 *   connection belongs to one loop; stream handlers run there and must not block.
 *   <li>{@code minip2p-peers}: one, which makes decisions about several connections of a peer; see {@link ProtocolContext}.
 *   <li>{@code minip2p-app}: up to four, unless {@link HostBuilder#applicationExecutor} sets another executor. Listeners are called and
 *   dials complete there.
 *   <li>{@code minip2p-dns}: up to 64, one for each pending name look-up.
 *   <li>{@code minip2p-observer}: one, which calls the {@link HostObserver}, if there is any.
 *   <li>{@code minip2p-verify}: up to {@code maxVerifications}, for slow proofs of identity.
 * </ul>
 *
 * The last four kinds end after 10 s without work, and start again when needed. If someone else shuts down the event loops that were given
 * to a host, the host closes.
 */
public final class Host implements AutoCloseable {
    private final HostConfig config;
    final HostParts parts;
    private final HostEnd end;
    private final HostDials dials;
    final HostThreads threads;
    final Listeners listeners;

    Host(HostBuilder builder) {
        parts = new HostParts(builder, streamFailures(builder.streamFailure));
        end = new HostEnd(parts, this);
        dials = new HostDials(parts, end);
        threads = parts.threads;
        listeners = parts.listeners;
        config = builder.config;
        builder.listeners.forEach(this::addListener);
    }

    private StreamFailures streamFailures(@Nullable StreamFailureListener listener) {
        return new StreamFailures(
                listener == null ? null : (stream, cause) -> listener.streamFailed(this, stream, cause));
    }

    /**
     * Starts to configure a host.
     *
     * @return the builder
     */
    public static HostBuilder builder() {
        return new HostBuilder();
    }

    /**
     * Listens on one more address.
     *
     * @param address the address
     * @return completes when it listens; fails with {@code ListenFailedException} or another error for the address, and with
     *     {@link HostClosedException} at once when the host is closed or closing
     */
    public CompletableFuture<Void> listen(Multiaddr address) {
        return listeners.listen(address);
    }

    /** {@return the peer id of this host} */
    public PeerId peerId() {
        return parts.self;
    }

    /** {@return the host's public key} */
    public PublicKey publicKey() {
        return parts.identity.publicKey();
    }

    /**
     * Signs with the host's private key, which never leaves the host. The bytes are signed unchanged. A protocol must put its own text
     * before them, so that no signature is valid in another protocol. Any thread, but RSA is slow.
     *
     * @param message what to sign; not changed
     * @return a signature for {@link PublicKey#verify} of {@link #publicKey}
     */
    public byte[] sign(byte[] message) {
        return parts.identity.sign(message);
    }

    /** {@return the limits and time-outs in force} */
    public HostConfig config() {
        return config;
    }

    /**
     * {@return where this host can be dialed: the addresses on which it listens, with actual ports and with the interfaces' addresses
     * instead of a wildcard, then the addresses that it {@link #announce announces}} Each ends in {@code /p2p}. Empty when it is closed or
     * closing.
     */
    public List<Multiaddr> addresses() {
        return parts.announcements.addresses(end.hasBegun());
    }

    /**
     * Announces another address at which this host can be dialed, such as a forwarded port or a name. Identify tells connected peers
     * within a few seconds.
     *
     * @param address with or without this host's peer id at its end
     * @throws IllegalArgumentException when it ends in another peer, or stands for all addresses of a machine
     */
    public void announce(Multiaddr address) {
        parts.announcements.add(address);
    }

    /**
     * Stops announcing an address.
     *
     * @param address the address
     * @return whether it was announced
     */
    public boolean stopAnnouncing(Multiaddr address) {
        return parts.announcements.remove(address);
    }

    /**
     * {@return whether the peer of a connection may be told one of the {@link #addresses}, according to {@link HostBuilder#addressFilter}}
     * For protocols that send addresses, such as Identify.
     *
     * @param address the address
     * @param connection the connection
     */
    public boolean mayTell(Multiaddr address, Connection connection) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(connection, "connection");
        return parts.announcements.mayTell(address, connection);
    }

    /**
     * Connects to the peer at an address that ends in {@code /p2p}: returns the open connection to it if there is one, joins a pending
     * dial, or dials.
     *
     * @param address the address
     * @return fails with {@link DialFailedException}, {@link ConnectionDeniedException} or {@link HostClosedException}; cancelling the
     *     last future of a dial ends it
     * @throws IllegalArgumentException when the address names no peer: see {@link DialOptions#toAnyPeer}
     */
    public CompletableFuture<Connection> dial(Multiaddr address) {
        return dials.to(address);
    }

    /**
     * Connects to a peer at any of several addresses, which race. Otherwise as {@link #dial(Multiaddr)}.
     *
     * @param peer the expected peer
     * @param addresses the addresses to try; one that ends in another peer's {@code /p2p} is skipped
     * @return completes as {@link #dial(Multiaddr)} does
     */
    public CompletableFuture<Connection> dial(PeerId peer, List<Multiaddr> addresses) {
        return dials.to(peer, addresses);
    }

    /**
     * Connects to a peer at the addresses that the {@link #addressBook} knows, best first. Otherwise as {@link #dial(Multiaddr)}.
     *
     * @param peer the peer
     * @return fails also with {@link NoKnownAddressException} when there are none, and neither a connection nor a pending dial
     */
    public CompletableFuture<Connection> dial(PeerId peer) {
        return dials.to(peer);
    }

    /**
     * Keeps a connection to a peer until the returned object is closed: uses an existing one, or dials the addresses in the
     * {@link #addressBook}, and dials again when the connection is lost. A peer that closes unused connections closes this one, too,
     * unless it also keeps it or there is a stream on it; this host then dials again.
     *
     * @param peer the peer
     * @param listener called for each state, on the application's executor
     * @return close it when the connection is no longer needed
     * @throws IllegalArgumentException when the peer is this host itself
     * @throws HostClosedException when the host is closed or closing
     */
    public KeptConnection keepConnected(PeerId peer, KeptConnection.Listener listener) throws HostClosedException {
        return dials.keep(peer, listener);
    }

    /**
     * The same without a listener.
     *
     * @param peer the peer
     * @return close it when the connection is no longer needed
     * @throws HostClosedException when the host is closed or closing
     */
    public KeptConnection keepConnected(PeerId peer) throws HostClosedException {
        return keepConnected(peer, (keeping, state) -> {});
    }

    /**
     * Protects a peer, connected or not, from trimming until {@link #unprotect} is called with the same tag. A full host still accepts a
     * protected peer and drops an unprotected one. Peers that are kept connected need no tag.
     *
     * @param peer the peer
     * @param tag the reason, any text; each different tag counts separately, and repeating a tag has no effect
     */
    public void protect(PeerId peer, String tag) {
        parts.protections.protect(peer, tag);
    }

    /**
     * Removes a reason to protect a peer.
     *
     * @param peer the peer
     * @param tag the reason, as it was given
     * @return whether the peer had this tag
     */
    public boolean unprotect(PeerId peer, String tag) {
        return parts.protections.unprotect(peer, tag);
    }

    /**
     * {@return whether a peer is protected by any tag}
     *
     * @param peer the peer
     */
    public boolean isProtected(PeerId peer) {
        return parts.protections.isProtected(peer);
    }

    /** {@return the known addresses of peers} It may still be used after the host is closed, but the host no longer writes it. */
    public AddressBook addressBook() {
        return parts.addressBook;
    }

    /**
     * Dials an address if the condition holds, even if there are other connections or dials.
     *
     * @param address the address
     * @param options when to dial, and whether any peer will do
     * @return as for {@link #dial(Multiaddr)}; also fails with {@link DialRefusedException}, at once, when the condition does not hold
     * @throws IllegalArgumentException when the address names no peer and the options do not allow any peer
     */
    public CompletableFuture<Connection> dial(Multiaddr address, DialOptions options) {
        return dials.to(address, options);
    }

    /**
     * {@return the connection that new streams to a peer should use, if there is one}
     *
     * @param peer the peer
     */
    public Optional<Connection> connection(PeerId peer) {
        return parts.table.canonical(peer);
    }

    /**
     * {@return all connections to a peer, in the order in which they were established}
     *
     * @param peer the peer
     */
    public List<Connection> connections(PeerId peer) {
        return parts.table.of(peer);
    }

    /** {@return all connections} */
    public List<Connection> connections() {
        return parts.table.all();
    }

    /**
     * Handles another protocol.
     *
     * @param protocol the id of the protocol
     * @param peerEnd what happens to a stream when its peer has ended its side
     * @param handler gets each stream that a peer opens for it
     * @throws IllegalStateException when there is a handler for it already
     */
    public void handle(ProtocolId protocol, PeerEnd peerEnd, StreamHandler handler) {
        parts.protocols.add(new ProtocolHandler(protocol, peerEnd, handler));
    }

    /**
     * Stops handling a protocol; open streams continue.
     *
     * @param protocol the protocol
     * @return whether there was a handler
     */
    public boolean stopHandling(ProtocolId protocol) {
        return parts.protocols.remove(protocol);
    }

    /** {@return the protocols that this host handles} */
    public List<ProtocolId> protocols() {
        return parts.protocols.ids();
    }

    /**
     * Adds a listener, which is called on the application's executor, with the events of one peer one after the other; see
     * {@link HostListener}.
     *
     * @param listener the listener
     */
    public void addListener(HostListener listener) {
        Objects.requireNonNull(listener);
        parts.events.addListener(listener, event -> listener.onEvent(this, event));
    }

    /**
     * Removes a listener. Does nothing if it was not added.
     *
     * @param listener the listener
     */
    public void removeListener(HostListener listener) {
        parts.events.removeListener(Objects.requireNonNull(listener, "listener"));
    }

    /** {@return what this host offers to protocols that keep state per peer; one context for all of them} */
    public ProtocolContext protocolContext() {
        return parts.context;
    }

    /** {@return the current figures of this host: sockets, memory, queues, bytes} Any thread; for a closed host, what is left. */
    public HostFigures figures() {
        return parts.figures();
    }

    /** {@return the executor on which listeners are called and dials complete} */
    public Executor applicationExecutor() {
        return threads.application();
    }

    /**
     * Stops accepting, then closes every connection cleanly, then ends the host's threads. Calling it again changes nothing.
     *
     * @return completes when nothing is left
     */
    public CompletableFuture<Void> closeAsync() {
        return end.begin(config.get(HostConfig.DRAIN_TIMEOUT));
    }

    /**
     * As {@link #closeAsync()}, but with a time limit: waits for streams that still have something to send until the grace period is over,
     * then {@link Connection#abort aborts} the remaining connections. A host that is already closing gets at most that much more time.
     *
     * @param grace zero or more; zero does not wait
     * @return completes when nothing is left
     * @throws IllegalArgumentException when the grace is negative, or longer than 24 hours
     */
    public CompletableFuture<Void> closeAsync(Duration grace) {
        return end.beginWithin(grace);
    }

    /**
     * Closes as {@link #closeAsync()} does and waits for the end.
     *
     * @throws IllegalStateException on a thread of the host, which would wait for itself; {@link #closeAsync()} may be called there
     */
    @Override
    public void close() {
        end.refuseOwnThread();
        closeAsync().join();
    }

    /**
     * Closes as {@link #closeAsync(Duration)} does and waits for the end.
     *
     * @param grace how long streams may take to end
     * @throws IllegalArgumentException when the grace is negative, or longer than 24 hours
     * @throws IllegalStateException on a thread of the host, which would wait for itself; {@link #closeAsync(Duration)} may be called
     *     there
     */
    public void close(Duration grace) {
        end.refuseOwnThread();
        closeAsync(grace).join();
    }

    @Override
    public String toString() {
        return "host " + peerId();
    }
}
