package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.ProtocolTimeoutException;

/**
 * The client of perf: sends the requested size, uploads, closes for writing, then counts the answer. The owner of the result resets
 * the stream when the result fails.
 *
 * <p>For one stream, and confined to its event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/perf/perf.md">perf</a>
 */
final class PerfInitiator extends ChannelInboundHandlerAdapter {
    private final long uploadBytes;
    private final long downloadBytes;
    private final Duration stallLimit;
    private final PerfProgress progress;
    private final CompletableFuture<PerfResult> result;
    private long openedNanos;
    private long answeredNanos;
    private boolean isAnswered;
    private boolean isUploaded;
    private long received;
    private @Nullable ZeroWriter upload;
    private @Nullable StallTimer stall;

    /**
     * An initiator.
     *
     * @param uploadBytes how many bytes to send
     * @param downloadBytes how many bytes to request, unsigned
     * @param stallLimit how long there may be no progress
     */
    PerfInitiator(
            long uploadBytes,
            long downloadBytes,
            Duration stallLimit,
            PerfProgress progress,
            CompletableFuture<PerfResult> result) {
        this.uploadBytes = uploadBytes;
        this.downloadBytes = downloadBytes;
        this.stallLimit = stallLimit;
        this.progress = progress;
        this.result = result;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        openedNanos = ctx.executor().ticker().nanoTime();
        stall = new StallTimer(
                ctx.executor(),
                stallLimit,
                () -> result.completeExceptionally(new ProtocolTimeoutException(Perf.ID, stallLimit)));
        upload = new ZeroWriter(ctx, uploadBytes, () -> continueUpload(ctx));
        // A separate write: js reads the number from the first piece that it gets (PRF-9).
        var unused = ctx.write(ctx.alloc().buffer(Long.BYTES, Long.BYTES).writeLong(downloadBytes));
        continueUpload(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (stall != null) {
            stall.stop();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        continueUpload(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void continueUpload(ChannelHandlerContext ctx) {
        ZeroWriter zeros = upload;
        if (zeros == null || isUploaded || result.isDone()) {
            return;
        }
        zeros.write();
        moved();
        if (zeros.isDone()) {
            isUploaded = true;
            ctx.flush();
            var unused = ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        int length = in.readableBytes();
        in.release();
        if (result.isDone()) {
            return;
        }
        if (!isUploaded) {
            fail(PerfFailedException.Reason.TOO_EARLY, "the server answered before the end of the upload");
            return;
        }
        answered(ctx);
        received += length;
        if (Long.compareUnsigned(received, downloadBytes) > 0) {
            fail(PerfFailedException.Reason.TOO_MANY_BYTES, expected() + " got at least " + received);
            return;
        }
        moved();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finish(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    private void finish(ChannelHandlerContext ctx) {
        answered(ctx);
        if (!isUploaded || received != downloadBytes) {
            fail(
                    PerfFailedException.Reason.TOO_FEW_BYTES,
                    expected() + " the stream ended after " + Long.toUnsignedString(received));
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        result.complete(new PerfResult(
                uploadBytes,
                Duration.ofNanos(answeredNanos - openedNanos),
                downloadBytes,
                Duration.ofNanos(now - answeredNanos)));
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        result.completeExceptionally(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!result.isDone()) {
            fail(
                    PerfFailedException.Reason.TOO_FEW_BYTES,
                    expected() + " the stream was cut after " + Long.toUnsignedString(received));
        }
        ctx.fireChannelInactive();
    }

    private void answered(ChannelHandlerContext ctx) {
        if (!isAnswered) {
            isAnswered = true;
            answeredNanos = ctx.executor().ticker().nanoTime();
        }
    }

    private void moved() {
        if (stall != null) {
            stall.progress();
        }
        progress.moved(uploadBytes - (upload == null ? 0 : upload.left()), received);
    }

    private void fail(PerfFailedException.Reason reason, String message) {
        result.completeExceptionally(new PerfFailedException(reason, message));
    }

    private String expected() {
        return "expected " + Long.toUnsignedString(downloadBytes) + " bytes,";
    }
}
