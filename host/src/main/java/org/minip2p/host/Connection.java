package org.minip2p.host;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;
import org.minip2p.noise.SecureSession;
import org.minip2p.yamux.netty.YamuxHandler;
import org.minip2p.yamux.netty.YamuxListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authenticated, encrypted, multiplexed connection to a peer.
 *
 * <p>Thread-safe. Futures that concern streams complete on the connection's event loop, so what depends on them must not block.
 *
 * <h2>Use and closing</h2>
 *
 * A connection without a stream and without a {@link Lease} is closed after the idle time-out. {@link #openStream} counts as a use from
 * the moment it is called, on the caller's thread: it either fails at once or the connection is not closed as unused under it.
 * {@link #close} refuses new streams, waits a little for those that still have something to send, says good-bye and closes.
 */
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** The GO_AWAY code of an orderly end. */
    private static final long GO_AWAY_NORMAL = 0;

    /** Called once, on the event loop, when the connection can carry no stream any more. */
    interface EndListener {
        void ended(Connection connection, CloseCause cause);
    }

    private final HostServices services;
    private final long id;
    private final Channel channel;
    private final Role role;
    private final SecureSession session;
    private final Runnable decided;
    private final HostMemory.Share memory;
    private final YamuxHandler muxer;
    private final Uses uses = new Uses();
    private final StreamTail streamTail;
    private final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    private final SocketAddress remoteAddress;
    private volatile boolean superseded;

    // Confined to the event loop.
    private int negotiating;
    private @Nullable CloseCause closeCause;
    private @Nullable EndListener endListener;
    private @Nullable ScheduledFuture<?> idleTimer;
    private boolean ended;

    Connection(HostServices services, Channel channel, Role role, SecureSession session, Runnable decided) {
        this.services = services;
        this.id = services.connectionIds().incrementAndGet();
        this.channel = channel;
        this.role = role;
        this.session = session;
        this.decided = decided;
        this.remoteAddress = channel.remoteAddress();
        this.streamTail = new StreamTail(id);
        this.memory = services.memory().share(this::closeAsGreediest);
        this.muxer = new YamuxHandler(role, services.yamux(), new Session(), memory);
    }

    /** The number of this connection, unique in its host. */
    public long id() {
        return id;
    }

    /** Who is at the other end; proved by the handshake. */
    public PeerId remotePeer() {
        return session.remotePeer();
    }

    /** The peer's public key. */
    public PublicKey remoteKey() {
        return session.remoteKey();
    }

    /** INITIATOR when this side dialed. */
    public Role role() {
        return role;
    }

    /** Where the other end is, as this side sees it. */
    public Multiaddr remoteAddress() {
        return Multiaddr.ofTcp((InetSocketAddress) remoteAddress);
    }

    /** This side's end of the socket. */
    public Multiaddr localAddress() {
        return Multiaddr.ofTcp((InetSocketAddress) channel.localAddress());
    }

    /** The one thread on which everything of this connection happens. */
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** Whether streams may be opened. */
    public boolean isOpen() {
        return !uses.isClosing();
    }

    /** Completes when the socket is closed, with the cause. */
    public CompletableFuture<CloseCause> closed() {
        return closed.copy();
    }

    /**
     * Opens a stream for one protocol. The proposal is sent together with what the handler writes, so the first data takes no round trip
     * of its own; a peer that does not speak the protocol shows as an {@code UnsupportedProtocolException} in the stream's pipeline.
     *
     * @param protocol what to speak
     * @param handler puts handlers into the stream's pipeline, on the event loop
     * @return completes when the handler has run; fails with {@link ConnectionClosedException} and what else keeps a stream from being
     *     opened
     */
    public CompletableFuture<ProtocolStream> openStream(ProtocolId protocol, StreamHandler handler) {
        return openStream(List.of(protocol), handler);
    }

    /**
     * Opens a stream for the first of several protocols that the peer speaks. With more than one, nothing is sent before the peer has
     * chosen.
     *
     * @param protocols what to propose, best first; at least one
     * @param handler puts handlers into the stream's pipeline, on the event loop; {@link ProtocolStream#protocol} tells what was agreed
     * @return completes when the handler has run; fails as {@link #openStream(ProtocolId, StreamHandler)} does, and with an
     *     {@code UnsupportedProtocolException} when the peer speaks none of several
     */
    public CompletableFuture<ProtocolStream> openStream(List<ProtocolId> protocols, StreamHandler handler) {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("no protocol to propose");
        }
        if (!uses.tryTake()) {
            return CompletableFuture.failedFuture(closedException());
        }
        OutboundNegotiation negotiation = new OutboundNegotiation(this, services.config(), protocols, handler);
        muxer.openStream(negotiation::start).addListener(opened -> {
            if (opened.isSuccess()) {
                StreamUse use = new StreamUse(uses);
                negotiation.opened(use);
                ((YamuxStreamChannel) opened.getNow()).closeFuture().addListener(use);
            } else {
                uses.release();
                negotiation.notOpened(opened.cause());
            }
        });
        return negotiation.result();
    }

    /**
     * Keeps the connection from being closed as unused.
     *
     * @throws ConnectionClosedException when it is closing already
     */
    public Lease hold() throws ConnectionClosedException {
        if (!uses.tryTake()) {
            throw closedException();
        }
        return new Lease(this);
    }

    /** A ping of the muxer: the round trip, without any protocol. */
    public CompletableFuture<Duration> ping() {
        CompletableFuture<Duration> result = new CompletableFuture<>();
        muxer.ping().addListener(answered -> {
            if (answered.isSuccess()) {
                result.complete((Duration) answered.getNow());
            } else {
                result.completeExceptionally(answered.cause());
            }
        });
        return result;
    }

    /**
     * Closes in good order: new streams are refused; streams with unsent bytes or an unanswered request are waited for; then good-bye.
     *
     * @return completes when the socket is closed
     */
    public CompletableFuture<CloseCause> close() {
        return close(CloseCause.of(CloseCause.Reason.LOCAL));
    }

    CompletableFuture<CloseCause> close(CloseCause cause) {
        if (uses.startClosing()) {
            shutdown(cause, services.config().get(HostConfig.DRAIN_TIMEOUT));
        }
        return closed();
    }

    /** Closes with this cause if nothing uses the connection; whether it does. Any thread. */
    boolean closeIfUnused(CloseCause cause) {
        if (uses.startClosingIfUnused()) {
            shutdown(cause, Duration.ZERO);
            return true;
        }
        return false;
    }

    /** Closes without waiting for any stream. Any thread. */
    void closeNow(CloseCause cause) {
        uses.startClosing();
        shutdown(cause, Duration.ZERO);
    }

    private void closeAsGreediest(long heldBytes) {
        closeNow(CloseCause.error(new ConnectionClosedException("connection " + id + " held most, " + heldBytes
                + " bytes that nobody has read, when the host had no memory left")));
    }

    /** Another connection to the same peer serves as well: this one goes when it has been unused for a while. Any thread. */
    void supersede() {
        superseded = true;
        onEventLoop(this::closeWhenIdle);
    }

    /** Begins to read frames, now that the host has let the connection in. Event loop. */
    void start(EndListener listener) {
        decided.run();
        endListener = listener;
        if (ended) {
            tellEnd();
            return;
        }
        uses.restartClock();
        muxer.start();
        closeWhenIdle();
    }

    /** The host did not let the connection in. Event loop. */
    void deny(Throwable cause) {
        decided.run();
        closeNow(CloseCause.error(cause));
    }

    /** The connection broke below the muxer. Event loop. */
    void fail(Throwable cause) {
        uses.startClosing();
        if (closeCause == null) {
            closeCause = CloseCause.error(cause);
        }
        muxer.shutdown(GO_AWAY_NORMAL, Duration.ZERO);
    }

    SocketAddress remoteSocket() {
        return remoteAddress;
    }

    YamuxHandler muxer() {
        return muxer;
    }

    Uses uses() {
        return uses;
    }

    /** The last handler of each of its streams. */
    StreamTail streamTail() {
        return streamTail;
    }

    HostServices services() {
        return services;
    }

    /** Whether one more inbound stream may negotiate; {@link #negotiated} must follow if so. Event loop. */
    boolean startNegotiating() {
        if (negotiating >= services.config().get(HostConfig.MAX_NEGOTIATING_STREAMS)) {
            return false;
        }
        negotiating++;
        return true;
    }

    void negotiated() {
        negotiating--;
    }

    /** Runs on the event loop; not at all when that has ended, since then so has the connection. */
    void onEventLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("connection={} event loop ended", id);
        }
    }

    private void shutdown(CloseCause cause, Duration drain) {
        onEventLoop(() -> {
            if (closeCause == null) {
                closeCause = cause;
            }
            muxer.shutdown(GO_AWAY_NORMAL, drain);
        });
    }

    private void closeWhenIdle() {
        Duration limit = services.config().get(HostConfig.IDLE_TIMEOUT);
        Duration supersededLimit = services.config().get(HostConfig.SUPERSEDED_TIMEOUT);
        if (superseded && (limit.isZero() || limit.compareTo(supersededLimit) > 0)) {
            // Not zero by default: both ends may still be about to use it.
            limit = supersededLimit;
        }
        if (ended || (limit.isZero() && !superseded)) {
            return;
        }
        long left = limit.toNanos();
        if (uses.isUnused()) {
            left -= System.nanoTime() - uses.unusedSinceNanos();
            CloseCause.Reason reason = superseded ? CloseCause.Reason.SUPERSEDED : CloseCause.Reason.IDLE;
            if (left <= 0 && closeIfUnused(CloseCause.of(reason))) {
                return;
            }
        }
        stopIdleTimer();
        idleTimer = eventLoop().schedule(this::closeWhenIdle, Math.max(left, 1_000_000), TimeUnit.NANOSECONDS);
    }

    private void stopIdleTimer() {
        if (idleTimer != null) {
            idleTimer.cancel(false);
            idleTimer = null;
        }
    }

    private void tellEnd() {
        EndListener listener = endListener;
        CloseCause cause = closeCause;
        if (listener != null && cause != null) {
            endListener = null;
            listener.ended(this, cause);
        }
    }

    private ConnectionClosedException closedException() {
        return new ConnectionClosedException("connection " + id + " to " + remotePeer() + " is closed or closing");
    }

    @Override
    public String toString() {
        return "connection " + id + " " + (role == Role.INITIATOR ? "to " : "from ") + remotePeer() + " at "
                + remoteAddress;
    }

    /** What the muxer tells. */
    private final class Session implements YamuxListener {
        @Override
        public void inboundStream(YamuxStreamChannel stream) {
            if (!uses.tryTake()) {
                stream.reset(0);
                return;
            }
            StreamUse use = new StreamUse(uses);
            stream.closeFuture().addListener(use);
            InboundNegotiation.start(Connection.this, stream, use);
        }

        @Override
        public void streamCountChanged(int open) {
            // Uses are counted per stream as it opens and closes.
        }

        @Override
        public void sessionEnded(@Nullable Throwable cause) {
            uses.startClosing();
            ended = true;
            stopIdleTimer();
            if (closeCause == null) {
                closeCause = EndCauses.of(cause);
            }
            CloseCause known = closeCause;
            tellEnd();
            channel.closeFuture().addListener(end -> {
                memory.end();
                closed.complete(known);
            });
            LingeringClose.close(
                    channel,
                    services.config().get(HostConfig.DRAIN_TIMEOUT),
                    services.config().get(HostConfig.LINGER_TIMEOUT));
        }
    }
}
