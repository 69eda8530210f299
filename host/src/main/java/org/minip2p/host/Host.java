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
 * All threads of a host are daemons, which keep no process alive, and end with it:
 *
 * <ul>
 *   <li>{@code minip2p-io}: the event loops, unless {@link HostBuilder#eventLoopGroup} gives others, which the host never ends. Each
 *       connection belongs to one; stream handlers run there and must not block.
 *   <li>{@code minip2p-peers}: one, on which is decided what concerns several connections of a peer; see {@link ProtocolContext}.
 *   <li>{@code minip2p-app}: up to four, unless {@link HostBuilder#applicationExecutor} gives others. Listeners are told and dials complete
 *       there.
 *   <li>{@code minip2p-dns}: up to 64, one for each look-up of a name that is under way.
 *   <li>{@code minip2p-observer}: one, on which a {@link HostObserver} is told, if there is any.
 *   <li>{@code minip2p-verify}: up to {@code maxVerifications}, for proofs of identity that take long.
 * </ul>
 *
 * The last four end when they have had nothing to do for 10 s, and begin again. Where others shut the event loops down that a host was
 * given, the host closes.
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

    /** What a host is made with. */
    public static HostBuilder builder() {
        return new HostBuilder();
    }

    /**
     * Listens on one more address.
     *
     * @return completes when it does; fails with {@code ListenFailedException} or what else is wrong with the address, and with
     *     {@link HostClosedException} at once when the host is closed or closing
     */
    public CompletableFuture<Void> listen(Multiaddr address) {
        return listeners.listen(address);
    }

    /** Who this host is. */
    public PeerId peerId() {
        return parts.self;
    }

    /** The host's public key. */
    public PublicKey publicKey() {
        return parts.identity.publicKey();
    }

    /**
     * Signs with the host's key, which is handed out to nobody. The bytes are signed as they are: a protocol puts a text of its own before
     * them, so that no signature means something in another one. Any thread, but RSA takes a while.
     *
     * @param message what to sign; not changed
     * @return what {@link PublicKey#verify} of {@link #publicKey} takes
     */
    public byte[] sign(byte[] message) {
        return parts.identity.sign(message);
    }

    /** The limits and time-outs in force. */
    public HostConfig config() {
        return config;
    }

    /**
     * Where this host can be dialed: real ports, the interfaces' addresses for a wildcard, then what it {@link #announce announces} beside
     * these; each ends in {@code /p2p}. Empty when it is closed or closing.
     */
    public List<Multiaddr> addresses() {
        return parts.announcements.addresses(end.hasBegun());
    }

    /**
     * Says of this host that it can be dialed there, too: at a forwarded port, or under a name. Identify tells connected peers within a
     * few seconds.
     *
     * @param address with or without this host's peer id at its end
     * @throws IllegalArgumentException when it ends in another peer, or stands for all addresses of a machine
     */
    public void announce(Multiaddr address) {
        parts.announcements.add(address);
    }

    /** Says so no more. Whether it was announced. */
    public boolean stopAnnouncing(Multiaddr address) {
        return parts.announcements.remove(address);
    }

    /**
     * Whether the peer of a connection may be told one of the {@link #addresses}: what {@link HostBuilder#addressFilter} says. For
     * protocols that tell addresses, as Identify does.
     */
    public boolean mayTell(Multiaddr address, Connection connection) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(connection, "connection");
        return parts.announcements.mayTell(address, connection);
    }

    /**
     * Connects to the peer at an address that ends in {@code /p2p}: gives the live connection to it if there is one, joins the dial under
     * way, or dials.
     *
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
     * @param peer who must be there
     * @param addresses where; one that ends in another peer's {@code /p2p} is not tried
     */
    public CompletableFuture<Connection> dial(PeerId peer, List<Multiaddr> addresses) {
        return dials.to(peer, addresses);
    }

    /**
     * Connects to a peer at the addresses that the {@link #addressBook} knows, best first. Otherwise as {@link #dial(Multiaddr)}.
     *
     * @return fails also with {@link NoKnownAddressException} when there are none, and neither a connection nor a dial under way
     */
    public CompletableFuture<Connection> dial(PeerId peer) {
        return dials.to(peer);
    }

    /**
     * Sees to it that there is a connection to a peer, from now until what this returns is closed: takes the one that is there, or dials
     * where the {@link #addressBook} says, and again when it is lost. A peer that closes connections which nobody uses closes this one,
     * too, unless it keeps it as well or there is a stream on it; then it is made again.
     *
     * @param listener told of each state, on the application's executor
     * @return to be closed when the connection is not wanted any more
     * @throws IllegalArgumentException when the peer is this host itself
     * @throws HostClosedException when the host is closed or closing
     */
    public KeptConnection keepConnected(PeerId peer, KeptConnection.Listener listener) throws HostClosedException {
        return dials.keep(peer, listener);
    }

    /** The same without a listener. */
    public KeptConnection keepConnected(PeerId peer) throws HostClosedException {
        return keepConnected(peer, (keeping, state) -> {});
    }

    /**
     * Spares a peer when there are too many, connected or not, until {@link #unprotect} is called with the same reason. When the host is
     * full a protected peer gets in all the same: another one goes that is not protected. Peers that are kept connected are protected
     * without this.
     *
     * @param tag the reason, any text; several of them count each, the same one once
     */
    public void protect(PeerId peer, String tag) {
        parts.protections.protect(peer, tag);
    }

    /** Takes back a reason to protect a peer. Whether there was this one. */
    public boolean unprotect(PeerId peer, String tag) {
        return parts.protections.unprotect(peer, tag);
    }

    /** Whether there is a reason to spare a peer. */
    public boolean isProtected(PeerId peer) {
        return parts.protections.isProtected(peer);
    }

    /** Where peers are known to be. It may be used when the host is closed, too, but is not written by the host any more. */
    public AddressBook addressBook() {
        return parts.addressBook;
    }

    /**
     * Dials an address whatever there is already, if the condition holds.
     *
     * @return fails with {@link DialRefusedException} at once when it does not
     * @throws IllegalArgumentException when the address names no peer and any peer was not asked for
     */
    public CompletableFuture<Connection> dial(Multiaddr address, DialOptions options) {
        return dials.to(address, options);
    }

    /** The connection that new streams to a peer should use, if there is one. */
    public Optional<Connection> connection(PeerId peer) {
        return parts.table.canonical(peer);
    }

    /** All connections to a peer, in the order in which they were established. */
    public List<Connection> connections(PeerId peer) {
        return parts.table.of(peer);
    }

    /** All connections. */
    public List<Connection> connections() {
        return parts.table.all();
    }

    /**
     * Answers to one more protocol.
     *
     * @param protocol which
     * @param peerEnd what becomes of a stream whose peer has ended its side
     * @param handler gets each stream that a peer opens for it
     * @throws IllegalStateException when there is a handler for it already
     */
    public void handle(ProtocolId protocol, PeerEnd peerEnd, StreamHandler handler) {
        parts.protocols.add(new ProtocolHandler(protocol, peerEnd, handler));
    }

    /** Answers to a protocol no more; streams that are open go on. Whether there was a handler. */
    public boolean stopHandling(ProtocolId protocol) {
        return parts.protocols.remove(protocol);
    }

    /** What this host answers to. */
    public List<ProtocolId> protocols() {
        return parts.protocols.ids();
    }

    /** Tells events on the application's executor, those of one peer one after the other; see {@link HostListener}. */
    public void addListener(HostListener listener) {
        Objects.requireNonNull(listener);
        parts.events.addListener(listener, event -> listener.onEvent(this, event));
    }

    /** Tells this listener no more; nothing happens when it is told nothing. */
    public void removeListener(HostListener listener) {
        parts.events.removeListener(Objects.requireNonNull(listener, "listener"));
    }

    /** What protocols of one's own that keep state per peer get of this host; the same for all of them. */
    public ProtocolContext protocolContext() {
        return parts.context;
    }

    /** What this host has at this moment: sockets, memory, queues, bytes. Any thread; of a closed host what is left. */
    public HostFigures figures() {
        return parts.figures();
    }

    /** Where listeners are told and dials complete. */
    public Executor applicationExecutor() {
        return threads.application();
    }

    /**
     * Stops accepting, then closes every connection in good order, then ends the host's threads. Calling it again changes nothing.
     *
     * @return completes when nothing is left
     */
    public CompletableFuture<Void> closeAsync() {
        return end.begin(config.get(HostConfig.DRAIN_TIMEOUT));
    }

    /**
     * As {@link #closeAsync()}, but takes no longer: streams that still have something to send are waited for until the grace is over,
     * and connections that are there then are {@link Connection#abort aborted}. A host that closes already is given that much more
     * time at most.
     *
     * @param grace zero or more; zero waits for nothing
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
