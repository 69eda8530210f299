package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream without a connection, in frozen time. A test calls what the peer does, and looks at what the peer would see.
 */
final class EmbeddedStream extends EmbeddedChannel implements DuplexChannel {
    private final List<Throwable> errors = new ArrayList<>();
    private boolean isInputShutdown;
    private boolean isOutputShutdown;
    private boolean isStalled;
    private int readsAskedFor;

    EmbeddedStream(ChannelHandler handler) {
        freezeTime();
        pipeline().addLast(new End()).addFirst(handler);
    }

    /** The end of the pipeline. As on a host's stream, an error that arrives there resets the stream. */
    private final class End extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            errors.add(cause);
            ctx.close();
        }
    }

    // The peer

    void peerSends(byte[] bytes) {
        writeInbound(Unpooled.copiedBuffer(bytes));
    }

    void peerSendsInPieces(byte[] bytes) {
        for (byte piece : bytes) {
            peerSends(new byte[] {piece});
        }
    }

    void peerEnds() {
        isInputShutdown = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        runPendingTasks();
    }

    /** The bytes that were sent since the last call. */
    byte[] sent() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] write : sentWrites()) {
            all.writeBytes(write);
        }
        return all.toByteArray();
    }

    /** Like {@link #sent}, but write by write. */
    List<byte[]> sentWrites() {
        List<byte[]> writes = new ArrayList<>();
        for (ByteBuf out = readOutbound(); out != null; out = readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            out.release();
            writes.add(bytes);
        }
        return writes;
    }

    /** From now on, no bytes leave. */
    void stall() {
        isStalled = true;
    }

    void resume() {
        isStalled = false;
        flush();
        runPendingTasks();
    }

    void passes(Duration time) {
        advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        runScheduledPendingTasks();
        runPendingTasks();
    }

    /** The error that reset the stream, or null. */
    @Nullable Throwable error() {
        return errors.isEmpty() ? null : errors.get(0);
    }

    int readsAskedFor() {
        return readsAskedFor;
    }

    long bytesHeldUnsent() {
        ChannelOutboundBuffer held = unsafe().outboundBuffer();
        return held == null ? 0 : held.totalPendingWriteBytes();
    }

    @Override
    protected void doBeginRead() {
        readsAskedFor++;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (!isStalled) {
            super.doWrite(in);
        }
    }

    // DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return isInputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        isInputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        isOutputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown && isOutputShutdown;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        isInputShutdown = true;
        return shutdownOutput(promise);
    }
}
