package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection, as seen by the parts behind the handler: its channel, its event loop with the clock, and its
 * writability.
 *
 * <p>Confined to the connection's event loop, {@link #isWritable} and {@link #runLater} excepted.
 */
final class Wire {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

    private final ChannelHandlerContext ctx;
    private long takenBytes;

    Wire(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** The context for writing frames, before the handler. */
    ChannelHandlerContext ctx() {
        return ctx;
    }

    /**
     * Writes a part of a frame, which is flushed later.
     *
     * @param bytes taken over
     * @param promise completed when the connection has taken them
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    void write(ByteBuf bytes, ChannelPromise promise) {
        ctx.write(bytes, promise);
    }

    /** Asks for input. */
    void read() {
        ctx.read();
    }

    /** Whether the connection reads by itself. */
    boolean isAutoRead() {
        return channel().config().isAutoRead();
    }

    /** Sets whether the connection reads by itself. */
    void setAutoRead(boolean isAutoRead) {
        channel().config().setAutoRead(isAutoRead);
    }

    Channel channel() {
        return ctx.channel();
    }

    EventExecutor executor() {
        return ctx.executor();
    }

    long nanoTime() {
        return ctx.executor().ticker().nanoTime();
    }

    /** Any thread. */
    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /** The connection has accepted bytes. */
    void taken(long bytes) {
        takenBytes += bytes;
    }

    /** How many bytes the connection is known to have accepted. */
    long takenBytes() {
        return takenBytes;
    }

    /**
     * Runs on the event loop, in a separate task; drops the task when the event loop has ended. Any thread.
     */
    void runLater(Runnable task) {
        if (!tryRunLater(task)) {
            LOG.trace("connection={} event-loop=shut-down", ctx.channel().id());
        }
    }

    /** Like {@link #runLater}; returns whether the event loop accepted it. */
    boolean tryRunLater(Runnable task) {
        try {
            ctx.executor().execute(task);
            return true;
        } catch (RejectedExecutionException shutDown) {
            return false;
        }
    }

    /**
     * Runs on the event loop after it has served its other connections; event loop only. A task that is executed from within a task would run
     * before the event loop looks for input again.
     *
     * @return whether it will run: not when the event loop has ended
     */
    boolean runAfterOthers(Runnable task) {
        try {
            var unused = ctx.executor().schedule(task, 0, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException shutDown) {
            return false;
        }
    }
}
