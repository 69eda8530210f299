package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.DefaultAttributeMap;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ResetCode;
import org.minip2p.core.Role;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.StreamResetException;
import org.minip2p.yamux.StreamState;
import org.minip2p.yamux.YamuxStream;

/**
 * A Yamux stream as a Netty channel: Netty's codecs work in its pipeline. Its parent is the connection's channel, whose event loop it shares.
 * Messages are {@link ByteBuf}s in both directions.
 *
 * <h2>Writing</h2>
 * A write is queued until it is flushed, the stream has credit, the connection has room, and its turn has come. Its promise completes when the
 * connection has written its last byte, and fails on reset. The peer reads a prefix of the written data, never with a gap. {@link #isWritable}
 * follows the queue's water marks, the window and the connection. A task of the event loop that began while the stream was writable may write
 * any amount; later tasks may write {@code streamSendQueueBytes}. One byte more resets the stream, and every write fails with
 * {@link StreamQueueFullException}.
 *
 * <h2>Reading</h2>
 * Bytes are consumed when a requested read, by {@code autoRead} or {@link #read}, passes them to the pipeline: one buffer for each
 * {@code read()} without {@code autoRead}. Only then does the peer get credit, so a stream that is not read stops its sender at the window.
 *
 * <h2>Closing</h2>
 * <ul>
 *   <li>{@link #shutdownOutput()}: FIN, after all accepted writes. The peer sees the end of its input and may continue to send.
 *   <li>{@link #shutdownInput()}: sends nothing, and discards later input.
 *   <li>{@link #close()}: FIN after all accepted writes; later input is discarded; the channel is closed when the FIN has been sent. RST
 *       follows if the writes do not leave in time ({@code closeTimeout}), if the peer's FIN does not come in time ({@code finTimeout}), or
 *       when the peer sends data after ours.
 *   <li>{@link #reset}: RST at once; queued writes fail with {@link StreamResetException}.
 *   <li>The peer's FIN: {@link ChannelInputShutdownEvent} once, after the last byte was read; without
 *       {@code ALLOW_HALF_CLOSURE} the channel is closed instead. When both ends have sent FIN the channel is closed. It is also closed when
 *       nothing is written to it or accepted by the peer for {@code halfOpenTimeout}.
 *   <li>The peer's RST, and the end of the session: {@code exceptionCaught}, then {@code channelInactive}; writes fail.
 *       The end of a connection is never a clean end of a stream.
 * </ul>
 *
 * <h2>Threads</h2>
 * The methods of {@link Channel} are thread-safe. Everything else is confined to the connection's event loop.
 */
public final class YamuxStreamChannel extends DefaultAttributeMap implements DuplexChannel {
    /*
     * Not an AbstractChannel: that brings a ChannelOutboundBuffer, and fails what is queued on close. An idle stream
     * has to cost little, so what only busy streams need is made when they need it.
     *
     * This class is what an application sees; what happens to a stream is decided in LocalStream.
     */
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final LocalStream stream;
    private final StreamUnsafe unsafe;
    private final StreamConfig config;
    private final StreamPipeline pipeline;
    private volatile @Nullable String label;
    private volatile boolean isInitializing;

    YamuxStreamChannel(StreamContext context, YamuxStream protocol) {
        this.stream = new LocalStream(context, protocol, this);
        this.unsafe = new StreamUnsafe(stream);
        this.config = new StreamConfig(this, stream.input());
        this.pipeline = new StreamPipeline(this, stream, context.wire());
        config.setAllocator(parent().alloc());
    }

    /** The session's view of it. */
    LocalStream local() {
        return stream;
    }

    // The stream

    /** The Yamux id of this stream: odd when the connection's initiator opened it. */
    public long streamId() {
        return stream.protocol().id();
    }

    /** {@link Role#INITIATOR} when this end opened the stream. */
    public Role role() {
        return stream.protocol().role();
    }

    /**
     * Ends both directions at once: the peer gets RST, queued writes fail with {@link StreamResetException}, the
     * channel is closed. Does nothing to a stream that has ended.
     *
     * @param code an error code for the peer, unsigned 32 bits, see {@link ResetCode}; 0 for none
     */
    public void reset(long code) {
        if (code < 0 || code > 0xffff_ffffL) {
            throw new IllegalArgumentException("a reset code has 32 bits: " + code);
        }
        onEventLoop(() -> stream.reset(code));
    }

    /**
     * Resets a stream of the peer because of its data. Unlike {@link #reset}, this counts against the peer, like its own resets
     * ({@code maxResets}).
     *
     * @param code an error code for the peer, see {@link ResetCode}
     */
    public void refuse(long code) {
        onEventLoop(() -> stream.refuse(code));
    }

    /** Whether it was reset, by either side or by the end of the connection; false while it is open, and when it has ended cleanly. */
    public boolean isReset() {
        return stream.protocol().state() == StreamState.RESET;
    }

    /** The purpose of this stream, such as its protocol, for logs. Null when it is not set. */
    public @Nullable String label() {
        return label;
    }

    /** Sets the purpose of this stream. Event loop only. */
    public void label(String text) {
        this.label = text;
    }

    /**
     * Runs an initializer that adds an application's handlers to the pipeline, and meanwhile behaves like a new, inactive channel. The caller
     * fires {@code channelActive} for them afterwards. Event loop only.
     *
     * @throws Exception the exception of the initializer
     */
    public void initialize(Callable<?> initializer) throws Exception {
        isInitializing = true;
        try {
            initializer.call();
        } finally {
            isInitializing = false;
        }
    }

    /** The size of the receive window, in bytes; it grows. Event loop only. */
    public long receiveWindowBytes() {
        return stream.protocol().receiveWindow().size();
    }

    /** Runs a task now or later; false on an event loop that has ended, which has already ended its streams. */
    private boolean onEventLoop(Runnable action) {
        if (eventLoop().inEventLoop()) {
            action.run();
            return true;
        }
        try {
            eventLoop().execute(action);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    private ChannelPromise onEventLoop(ChannelPromise promise, Runnable action) {
        if (!onEventLoop(action)) {
            promise.tryFailure(new ClosedChannelException());
        }
        return promise;
    }

    // DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return stream.input().isShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return stream.output().isShutdown() || !isOpen();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return onEventLoop(promise, () -> {
            unsafe.shutdownInput();
            promise.trySuccess();
        });
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return onEventLoop(promise, () -> unsafe.shutdownOutput(promise));
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        onEventLoop(unsafe::shutdownInput);
        return shutdownOutput(promise);
    }

    // Writes of other threads

    @Override
    public ChannelFuture write(Object msg) {
        return write(msg, newPromise());
    }

    @Override
    public ChannelFuture write(Object msg, ChannelPromise promise) {
        return pipeline.isRefused(msg, promise) ? promise : pipeline.write(msg, promise);
    }

    @Override
    public ChannelFuture writeAndFlush(Object msg) {
        return writeAndFlush(msg, newPromise());
    }

    @Override
    public ChannelFuture writeAndFlush(Object msg, ChannelPromise promise) {
        return pipeline.isRefused(msg, promise) ? promise : pipeline.writeAndFlush(msg, promise);
    }

    // Channel

    @Override
    public ChannelId id() {
        return new StreamChannelId(parent().id(), streamId());
    }

    @Override
    public Channel parent() {
        return stream.connection();
    }

    @Override
    public EventLoop eventLoop() {
        return parent().eventLoop();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public ChannelPipeline pipeline() {
        return pipeline;
    }

    @Override
    public Unsafe unsafe() {
        return unsafe;
    }

    @Override
    public boolean isOpen() {
        return stream.life().isOpen();
    }

    @Override
    public boolean isRegistered() {
        return stream.life().isRegistered();
    }

    @Override
    public boolean isActive() {
        return stream.life().isActive() && !isInitializing;
    }

    @Override
    public SocketAddress localAddress() {
        return parent().localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return parent().remoteAddress();
    }

    @Override
    public ChannelFuture closeFuture() {
        return stream.closed();
    }

    @Override
    public boolean isWritable() {
        return stream.output().writability().isWritable();
    }

    @Override
    public long bytesBeforeUnwritable() {
        return stream.output().writability().bytesBeforeUnwritable();
    }

    @Override
    public long bytesBeforeWritable() {
        return stream.output().writability().bytesBeforeWritable();
    }

    @Override
    public int compareTo(Channel other) {
        return this == other ? 0 : id().compareTo(other.id());
    }

    @Override
    public String toString() {
        return parent() + "/" + stream.protocol() + (label == null ? "" : " " + label);
    }
}
