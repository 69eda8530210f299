package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends each 32 bytes back, until the end of the stream. It holds the bytes of one read: it asks for more only when the last answer has
 * been written to the socket, so a peer that sends and does not read stops itself (PNG-18, PNG-19).
 *
 * <p>For one stream, and confined to its event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">ping</a>
 */
final class PingResponder extends ChannelInboundHandlerAdapter {
    private final Duration idleLimit;

    /** The first bytes of an incomplete request, if any. */
    private @Nullable ByteBuf begun;

    private @Nullable StallTimer idle;

    /**
     * A responder.
     *
     * @param idleLimit how long the stream may be idle before it is ended (PNG-16)
     */
    PingResponder(Duration idleLimit) {
        this.idleLimit = idleLimit;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        idle = new StallTimer(ctx.executor(), idleLimit, () -> end(ctx, PingFailedException.Reason.IDLE));
        ctx.channel().config().setAutoRead(false);
        ctx.read();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (idle != null) {
            idle.stop();
        }
        ReferenceCountUtil.release(begun);
        begun = null;
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ChannelFuture answer;
        try {
            answer = answer(ctx, in);
        } finally {
            in.release();
        }
        if (answer == null) {
            ctx.read();
            return;
        }
        ctx.flush();
        answer.addListener(written -> {
            if (written.isSuccess() && idle != null) {
                idle.progress();
                ctx.read();
            }
        });
    }

    /** Writes complete answers; returns the last write, or null when there is none. */
    private @Nullable ChannelFuture answer(ChannelHandlerContext ctx, ByteBuf in) {
        ChannelFuture last = completeBegun(ctx, in);
        int whole = in.readableBytes() / Ping.REQUEST_BYTES * Ping.REQUEST_BYTES;
        if (whole > 0) {
            last = ctx.write(in.readRetainedSlice(whole));
        }
        if (in.isReadable()) {
            begun = ctx.alloc().buffer(Ping.REQUEST_BYTES, Ping.REQUEST_BYTES).writeBytes(in);
        }
        return last;
    }

    /** Completes a request from an earlier read; its answer is one write, for any number of pieces (PNG-11, PNG-12). */
    private @Nullable ChannelFuture completeBegun(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf request = begun;
        if (request == null) {
            return null;
        }
        request.writeBytes(in, Math.min(request.writableBytes(), in.readableBytes()));
        if (request.isWritable()) {
            return null;
        }
        begun = null;
        return ctx.write(request);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            end(ctx, PingFailedException.Reason.CUT);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A clean end between requests, after the answers that are not sent yet (PNG-9); a reset within a request (PNG-10). */
    private void end(ChannelHandlerContext ctx, PingFailedException.Reason reason) {
        ByteBuf request = begun;
        if (request == null) {
            ctx.close();
        } else {
            ctx.fireExceptionCaught(new PingFailedException(
                    reason,
                    "expected " + Ping.REQUEST_BYTES + " bytes of a ping, got " + request.readableBytes() + ": "
                            + reason));
        }
    }
}
