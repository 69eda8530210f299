package peer;

import io.libp2p.core.Connection;
import io.libp2p.etc.util.netty.mux.RemoteWriteClosed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;

/** Uploads and then downloads zeros on one stream. Confined to its event loop. */
final class PerfClient extends ChannelInboundHandlerAdapter {
    private static final double MIB = 1024 * 1024;

    private final CompletableFuture<String> result;
    private final long uploadBytes;
    private final long downloadBytes;
    private long startNanos;
    private long firstNanos;
    private long received;
    private boolean started;
    private boolean answered;

    private PerfClient(CompletableFuture<String> result, long uploadBytes, long downloadBytes) {
        this.result = result;
        this.uploadBytes = uploadBytes;
        this.downloadBytes = downloadBytes;
    }

    /** Runs once; the future ends with the line to print. */
    static CompletableFuture<String> run(Connection connection, long uploadBytes, long downloadBytes) {
        CompletableFuture<String> result = new CompletableFuture<>();
        new Protocol(Hosts.PERF, () -> new PerfClient(result, uploadBytes, downloadBytes))
                .open(connection)
                .whenComplete((handler, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
            Sender.send(ctx, Unpooled.buffer(Long.BYTES).writeLong(downloadBytes), uploadBytes);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        first();
        ByteBuf read = (ByteBuf) message;
        received += read.readableBytes();
        read.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != RemoteWriteClosed.INSTANCE) {
            return;
        }
        first();
        if (received == downloadBytes) {
            result.complete(Lines.perf(
                    mibPerSecond(uploadBytes, firstNanos - startNanos),
                    mibPerSecond(received, System.nanoTime() - firstNanos)));
        } else {
            result.completeExceptionally(new IllegalStateException("expected " + downloadBytes + " bytes, got " + received));
        }
    }

    /** The first bytes, or the end without any, tell that the whole upload was received. */
    private void first() {
        if (!answered) {
            answered = true;
            firstNanos = System.nanoTime();
        }
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        result.completeExceptionally(new IllegalStateException("the stream was reset after " + received + " bytes"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        result.completeExceptionally(cause);
        ctx.close();
    }

    private static double mibPerSecond(long bytes, long nanos) {
        return Math.round(bytes / MIB / (Math.max(nanos, 1) / 1e9) * 10) / 10.0;
    }
}
