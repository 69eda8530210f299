package org.minip2p.host.connections;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.host.CloseCause;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.host.streams.ConnectionStreams;
import org.minip2p.host.streams.Uses;
import org.minip2p.yamux.StreamRefusal;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.netty.YamuxHandler;
import org.minip2p.yamux.netty.YamuxListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket with a muxer, from the upgrade to its end: reads no frame until it is started, closes on the first request, and ends once.
 * It does not know whether the host has admitted it.
 *
 * <p>Thread-safe, except for methods marked for the event loop.
 */
final class MuxedSocket implements YamuxListener, SecuredSocket {
    private static final Logger LOG = LoggerFactory.getLogger(MuxedSocket.class);

    /** The GO_AWAY code of an orderly end. */
    private static final long GO_AWAY_NORMAL = 0;

    private final long id;
    private final Channel channel;
    private final SocketAddress remoteAddress;
    private final ConnectionTimeouts timeouts;
    private final HostMemory.Share memory;
    private final YamuxHandler muxer;
    private final Uses uses;
    private final CompletableFuture<CloseCause> closed = new CompletableFuture<>();

    // Confined to the event loop.
    private @Nullable ConnectionStreams streams;
    private @Nullable Consumer<CloseCause> ended;
    private @Nullable Runnable whenDecided;
    private @Nullable CloseCause closeCause;
    private boolean over;
    private boolean aborted;

    /** Set before this object is published. */
    private @Nullable SocketMeter meter;

    MuxedSocket(
            long id,
            Channel channel,
            Role role,
            YamuxConfig config,
            HostMemory memory,
            ConnectionTimeouts timeouts,
            Uses uses) {
        this.id = id;
        this.uses = uses;
        this.channel = channel;
        this.remoteAddress = channel.remoteAddress();
        this.timeouts = timeouts;
        this.memory = memory.share(this::closeAsGreediest);
        this.muxer = new YamuxHandler(role, config, this, this.memory);
    }

    /** Sets the meter; called at once, or never. */
    void measure(SocketMeter by) {
        meter = by;
    }

    /** Measures it; null without observers and recordings. */
    @Nullable SocketMeter meter() {
        return meter;
    }

    long id() {
        return id;
    }

    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    SocketAddress localAddress() {
        return channel.localAddress();
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    YamuxHandler muxer() {
        return muxer;
    }

    Uses uses() {
        return uses;
    }

    ConnectionTimeouts timeouts() {
        return timeouts;
    }

    /** Runs when the host has decided whether to admit it, or when it ends before. */
    void whenDecided(Runnable task) {
        whenDecided = task;
    }

    /** The host has decided, or the socket has ended. Event loop. */
    void decided() {
        Runnable task = whenDecided;
        if (task != null) {
            whenDecided = null;
            task.run();
        }
    }

    /** Completes when the socket is closed, with the cause. */
    CompletableFuture<CloseCause> closed() {
        return closed.copy();
    }

    /**
     * Begins to read frames. Event loop.
     *
     * @param inbound gets the streams that the peer opens
     * @param end called once when it can no longer carry a stream: at once if that is already true
     */
    void start(ConnectionStreams inbound, Consumer<CloseCause> end) {
        streams = inbound;
        ended = end;
        if (closeCause != null && over) {
            end.accept(closeCause);
            return;
        }
        uses.restartClock();
        muxer.start();
    }

    /** Closes when the streams have sent what they still have to send, or after this time. */
    CompletableFuture<CloseCause> close(CloseCause cause, Duration drain) {
        if (uses.startClosing()) {
            shutdown(cause, drain);
        }
        return closed();
    }

    /** Ends it at once, also while it is closing: waits for nothing, and sends nothing more. */
    CompletableFuture<CloseCause> abort(CloseCause cause) {
        uses.startClosing();
        if (eventLoop().inEventLoop()) {
            abortNow(cause);
        } else {
            onEventLoop(() -> abortNow(cause));
        }
        return closed();
    }

    private void abortNow(CloseCause cause) {
        aborted = true;
        if (over) {
            LingeringClose.abort(channel);
            return;
        }
        closeCause = cause;
        muxer.abort(new SessionClosedException(
                SessionClosedException.ABORTED, "connection " + id + " was aborted on this side", cause.error()));
    }

    /** Closes with this cause if it is unused; returns whether it closes. */
    boolean closeIfUnused(CloseCause cause) {
        if (uses.startClosingIfUnused()) {
            shutdown(cause, Duration.ZERO);
            return true;
        }
        return false;
    }

    /** Closes without waiting for any stream. */
    void closeNow(CloseCause cause) {
        uses.startClosing();
        shutdown(cause, Duration.ZERO);
    }

    @Override
    public void keep(long change) {
        if (change <= 0) {
            memory.release(-change);
        } else if (!memory.hold(change)) {
            memory.makeRoom();
        }
    }

    @Override
    public void fail(Throwable cause) {
        uses.startClosing();
        if (closeCause == null) {
            closeCause = CloseCause.error(cause);
        }
        muxer.shutdown(GO_AWAY_NORMAL, Duration.ZERO);
    }

    /** Runs on the event loop; drops the task when the loop has ended, since then the socket has ended, too. */
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

    private void closeAsGreediest(long heldBytes) {
        closeNow(CloseCause.error(new ConnectionClosedException("connection " + id + " held most, " + heldBytes
                + " bytes unread or unsent, when the host had no memory left")));
    }

    @Override
    public void inboundStream(YamuxStreamChannel stream) {
        ConnectionStreams inbound = streams;
        if (inbound == null) {
            throw new IllegalStateException("a stream before the start");
        }
        inbound.accept(stream);
    }

    @Override
    public void streamRefused(StreamRefusal reason) {
        if (streams != null) {
            streams.refused(reason);
        }
    }

    @Override
    public void halfOpenTimedOut(YamuxStreamChannel stream) {
        if (streams != null) {
            streams.halfOpenTimedOut(stream);
        }
    }

    @Override
    public void streamCountChanged(int open) {
        // Each stream counts as a use from its opening to its close.
    }

    @Override
    public void sessionEnded(@Nullable Throwable cause) {
        uses.startClosing();
        decided();
        over = true;
        if (closeCause == null) {
            closeCause = EndCauses.of(cause);
        }
        CloseCause known = closeCause;
        if (ended != null) {
            ended.accept(known);
        }
        // Only now: an idle connection then keeps no listener.
        channel.closeFuture().addListener(end -> {
            memory.end();
            closed.complete(known);
        });
        if (aborted) {
            LingeringClose.abort(channel);
        } else {
            LingeringClose.close(channel, timeouts.drain(), timeouts.linger());
        }
    }
}
