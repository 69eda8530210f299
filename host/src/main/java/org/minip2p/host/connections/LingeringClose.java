package org.minip2p.host.connections;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a socket so that its last bytes arrive: sends the written data, then the end; reads and discards until the peer's end or a
 * time-out; then closes. (The kernel resets a socket that is closed with unread bytes, and the peer loses the bytes that it has not
 * read yet.) It is the first handler of the pipeline, so that later handlers do not see the discarded data.
 *
 * <p>Confined to the channel's event loop.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LingeringClose.class);

    private final long lingerMillis;
    private final long flushMillis;
    private @Nullable Future<?> timer;

    private LingeringClose(Duration flush, Duration linger) {
        this.flushMillis = flush.toMillis();
        this.lingerMillis = linger.toMillis();
    }

    /**
     * Begins to close; nothing more is read or written by the handlers of the pipeline.
     *
     * @param flush how long written data may take to leave, before the time to linger
     * @param linger how long the peer may take to end its side
     */
    public static void close(Channel channel, Duration flush, Duration linger) {
        if (channel.isActive() && channel.isRegistered()) {
            channel.pipeline().addFirst(new LingeringClose(flush, linger));
        } else {
            channel.close();
        }
    }

    /**
     * Closes at once: drops unsent data, also in the kernel, and the peer sees a reset. Event loop.
     */
    public static void abort(Channel channel) {
        if (channel.isOpen()) {
            try {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException e) {
                LOG.trace(
                        "channel={} closes without a reset: it has already ended error={}", channel.id(), e.toString());
            }
        }
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(true);
        ChannelFuture written = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (!written.isDone()) {
            closeAfter(ctx, flushMillis + lingerMillis);
        }
        // In a separate task: if the current read contains the peer's end, the socket can be closed completely.
        written.addListener(done -> ctx.executor().execute(() -> endOutput(ctx, done.isSuccess())));
    }

    private void endOutput(ChannelHandlerContext ctx, boolean hasLeft) {
        if (ctx.isRemoved()) {
            return;
        }
        if (hasLeft && ctx.channel() instanceof DuplexChannel socket && !socket.isInputShutdown()) {
            socket.shutdownOutput();
            closeAfter(ctx, lingerMillis);
        } else {
            ctx.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopTimer();
    }

    private void closeAfter(ChannelHandlerContext ctx, long millis) {
        stopTimer();
        timer = ctx.executor().schedule(() -> ctx.close(), millis, TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                && ctx.channel() instanceof DuplexChannel socket
                && socket.isOutputShutdown()) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
