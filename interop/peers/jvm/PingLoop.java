package peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends 32 bytes and, when they have come back, the next ones; measures the time of each round trip. Confined to the stream's event loop,
 * but for {@link #run}.
 */
final class PingLoop extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<ChannelHandlerContext> active = new CompletableFuture<>();
    private CompletableFuture<Double> result = new CompletableFuture<>();
    private long[] nanos;
    private int count;
    private long sentNanos;
    private long endNanos;
    private int missing;

    /** Runs for the given number of seconds; returns the median in microseconds. */
    double run(int seconds) {
        ChannelHandlerContext ctx = active.join();
        CompletableFuture<Double> done = new CompletableFuture<>();
        ctx.executor().execute(() -> {
            if (result.isCompletedExceptionally()) {
                result.whenComplete((unused, failure) -> done.completeExceptionally(failure));
                return;
            }
            result = done;
            nanos = new long[1024];
            count = 0;
            endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            next(ctx);
        });
        return done.join();
    }

    private void next(ChannelHandlerContext ctx) {
        missing = Request.MESSAGE_BYTES;
        sentNanos = System.nanoTime();
        ctx.writeAndFlush(Request.message(), ctx.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active.complete(ctx);
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
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = now - sentNanos;
        if (missing < 0) {
            fail(new IllegalStateException("got " + -missing + " bytes too many"));
        } else if (now < endNanos) {
            next(ctx);
        } else {
            Arrays.sort(nanos, 0, count);
            result.complete(nanos[count / 2] / 1e3);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new IllegalStateException("the stream was closed while it was used"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    /** Fails the round, and the wait for the stream. */
    void fail(Throwable failure) {
        active.completeExceptionally(failure);
        result.completeExceptionally(failure);
    }
}
