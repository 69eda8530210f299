package org.minip2p.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages of {@link BenchProtocols#PIECE_BYTES} bytes, each flushed, whenever its channel is writable, from {@link #start} to
 * {@link #stop}. A message counts as moved when the connection has accepted its last byte. Confined to the channel's event loop.
 */
final class BulkWriter extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    private @Nullable Channel channel;
    private boolean running;
    private boolean writing;
    private long moved;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    void start() {
        running = true;
        write();
    }

    void stop() {
        running = false;
    }

    /** Messages moved so far. */
    long moved() {
        return moved;
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.isSuccess()) {
            moved++;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        write();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        ReferenceCountUtil.release(bytes);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        running = false;
    }

    /** Writes in a loop, so that a writability change during a write does not cause recursion. */
    private void write() {
        Channel target = channel;
        if (writing || target == null) {
            return;
        }
        writing = true;
        while (running && target.isWritable()) {
            target.writeAndFlush(BenchProtocols.piece()).addListener(this);
        }
        writing = false;
    }
}
