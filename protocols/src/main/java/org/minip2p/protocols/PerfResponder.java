package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.ProtocolTimeoutException;

/**
 * The server of perf: reads the requested size, drops everything else until the end of the upload, then sends that many bytes and
 * closes.
 *
 * <p>For one stream, and confined to its event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/perf/perf.md">perf</a>
 */
final class PerfResponder extends ChannelInboundHandlerAdapter {
    private final Duration stallLimit;
    private int requestBytesRead;
    private long wanted;
    private @Nullable ZeroWriter answer;
    private @Nullable StallTimer stall;
    private boolean isOver;

    /**
     * A responder.
     *
     * @param stallLimit how long there may be no progress
     */
    PerfResponder(Duration stallLimit) {
        this.stallLimit = stallLimit;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stall = new StallTimer(
                ctx.executor(),
                stallLimit,
                () -> ctx.fireExceptionCaught(new ProtocolTimeoutException(Perf.ID, stallLimit)));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        isOver = true;
        if (stall != null) {
            stall.stop();
        }
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        while (requestBytesRead < Long.BYTES && in.isReadable()) {
            wanted = wanted << Byte.SIZE | in.readUnsignedByte();
            requestBytesRead++;
        }
        in.release();
        progress();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && answer == null) {
            if (requestBytesRead < Long.BYTES) {
                ctx.fireExceptionCaught(new PerfFailedException(
                        PerfFailedException.Reason.NO_REQUEST,
                        "expected " + Long.BYTES + " bytes of a perf request, got " + requestBytesRead));
            } else {
                answer = new ZeroWriter(ctx, wanted, () -> continueAnswer(ctx));
                continueAnswer(ctx);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        continueAnswer(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void continueAnswer(ChannelHandlerContext ctx) {
        ZeroWriter zeros = answer;
        if (zeros == null || isOver) {
            return;
        }
        progress();
        zeros.write();
        if (zeros.isDone()) {
            isOver = true;
            ctx.close();
        }
    }

    private void progress() {
        if (stall != null) {
            stall.progress();
        }
    }
}
