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
 * A socket with a muxer on it, from the upgrade to its end: reads no frame until it is started, is closed by whoever comes first, and
 * ends once. Whether the host has let it in is not known here.
 *
 * <p>Thread-safe, but for what says that it is for the event loop.
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

    /** Set before others see this. */
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
        channel.closeFuture().addListener(end -> this.memory.end());
        this.muxer = new YamuxHandler(role, config, this, this.memory);
    }

    /** Has it measured; at once, or not at all. */
    void measure(SocketMeter by) {
        meter = by;
    }

    /** Measures it; null when nobody wants to know. */
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

    /** What is run when it is decided whether the host lets it in, or when it ends before. */
    void whenDecided(Runnable task) {
        whenDecided = task;
    }

    /** It is decided, or there is nothing left to decide on. Event loop. */
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
     * @param inbound takes the streams that the peer opens
     * @param end told once when no stream can be carried any more: at once when that is so already
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

    /** Closes when the streams that still have something to send have done so, or after so long. */
    CompletableFuture<CloseCause> close(CloseCause cause, Duration drain) {
        if (uses.startClosing()) {
            shutdown(cause, drain);
        }
        return closed();
    }

    /** Ends it at once, also while it closes: nothing is waited for, and nothing more is sent. */
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

    /** Closes with this cause if nothing uses it; whether it does. */
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

    /** Runs on the event loop; not at all when that has ended, since then so has the socket. */
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
        // Uses are counted per stream as it opens and closes.
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
        channel.closeFuture().addListener(end -> closed.complete(known));
        if (aborted) {
            LingeringClose.abort(channel);
        } else {
            LingeringClose.close(channel, timeouts.drain(), timeouts.linger());
        }
    }
}
