package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends {@value #PING_BYTES} bytes and, when they have come back, the next ones; measures the time of each round trip. One instance for
 * each channel. Confined to the channel's event loop, but for {@link #run}.
 */
final class PingLoop extends ChannelInboundHandlerAdapter {
    static final int PING_BYTES = 32;

    private static final ByteBuf PING =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(PING_BYTES).writeZero(PING_BYTES));

    private CompletableFuture<Latencies> result = new CompletableFuture<>();
    private Latencies latencies = new Latencies();
    private long sentNanos;
    private long endNanos;
    private int most;
    private int missing;

    /**
     * Pings over a channel that has this handler in its pipeline, and waits until it is done.
     *
     * @param most the maximum number of pings
     * @param seconds the maximum duration
     */
    Latencies run(Channel channel, int most, int seconds) {
        CompletableFuture<Latencies> done = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            result = done;
            latencies = new Latencies();
            this.most = most;
            endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            next(channel);
        });
        return done.orTimeout(seconds + 60, TimeUnit.SECONDS).join();
    }

    /** Creates one message, to write once. */
    static ByteBuf ping() {
        return PING.retainedDuplicate();
    }

    private void next(Channel channel) {
        missing = PING_BYTES;
        sentNanos = System.nanoTime();
        channel.writeAndFlush(ping(), channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        missing -= bytes.readableBytes();
        bytes.release();
        if (missing > 0) {
            return;
        }
        long now = System.nanoTime();
        latencies.add(now - sentNanos);
        if (latencies.count() < most && now < endNanos) {
            next(ctx.channel());
        } else {
            result.complete(latencies);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        result.completeExceptionally(new IllegalStateException("the channel was closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        result.completeExceptionally(cause);
    }
}
