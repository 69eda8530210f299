package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.DefaultAttributeMap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Role;
import org.minip2p.yamux.StreamQueueFullException;
import org.minip2p.yamux.StreamResetException;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Yamux stream as a Netty channel: any Netty codec can be put into its pipeline. Its parent is the connection's channel, whose event
 * loop it shares. Messages are {@link ByteBuf}s in both directions.
 *
 * <h2>Writing</h2>
 * A write is queued until it is flushed and the stream has credit, the connection room, and its turn has come. Its promise completes when the
 * connection has written its last byte, and fails on reset. A write that does not fit into the queue fails with
 * {@link StreamQueueFullException}; the stream lives on. {@link #isWritable} follows the queue's water marks, the window and the
 * connection.
 *
 * <h2>Reading</h2>
 * Bytes are consumed when they are passed to the pipeline by a read that was asked for, by {@code autoRead} or {@link #read}: one buffer
 * for each {@code read()} without {@code autoRead}. Only then does the peer get credit back, so a stream that is not read stops its sender
 * at the window.
 *
 * <h2>Closing</h2>
 * <ul>
 *   <li>{@link #shutdownOutput()}: FIN, after all accepted writes. The peer sees the end of its input and may go on sending.
 *   <li>{@link #shutdownInput()}: sends nothing, and throws away what comes.
 *   <li>{@link #close()}: FIN after all accepted writes; what comes is thrown away; the channel is closed when the FIN has left. If the
 *       peer's FIN does not come in time, RST follows.
 *   <li>{@link #reset}: RST at once; queued writes fail with {@link StreamResetException}.
 *   <li>The peer's FIN: {@link ChannelInputShutdownEvent} once, after the last byte was read; without {@code ALLOW_HALF_CLOSURE} the
 *       channel is closed instead. When both ends have sent FIN the channel is closed.
 *   <li>The peer's RST, and the end of the session: {@code exceptionCaught}, then {@code channelInactive}; writes fail. The end of a
 *       connection is never a clean end of a stream.
 * </ul>
 *
 * <h2>Threads</h2>
 * What {@link Channel} offers is thread-safe. Everything else is confined to the connection's event loop.
 */
public final class YamuxStreamChannel extends DefaultAttributeMap implements DuplexChannel {
    /*
     * Not an AbstractChannel: that brings a ChannelOutboundBuffer, and fails what is queued on close. An idle stream has to cost little,
     * so what only busy streams need is made when they need it.
     *
     * State lives in three places, each with one meaning: YamuxStream.state() is what the protocol has agreed on; inputShutdown and
     * outputShutdown are what the application still wants; closePromise is the channel. The protocol's stream may outlive the channel
     * (waiting for the peer's FIN), and the channel the stream (unread bytes after both FINs).
     */
    private static final Logger log = LoggerFactory.getLogger(YamuxStreamChannel.class);
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final YamuxHandler session;
    private final YamuxStream stream;
    private final StreamUnsafe unsafe = new StreamUnsafe();
    private final StreamConfig config;
    private final StreamPipeline pipeline;
    private final ChannelPromise closePromise;
    private final Writability writability;
    private final SendQueue queue = new SendQueue();
    private final StreamInput input;

    private volatile boolean registered;
    private volatile boolean active;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    private boolean wasActive;
    private boolean answerDue;
    private boolean finWritten;
    private boolean closeAsked;
    private boolean sentSinceTimer;
    private boolean settled;
    private @Nullable ChannelPromise finPromise;
    private @Nullable Throwable failure;

    /** The end of the session, while the last bytes of a complete input are still unread. */
    private @Nullable Throwable failureBehindUnread;

    private boolean resetPending;
    private long resetCode;

    // Links of FrameWriter and ClosingStreams: part of the stream, so that lists of streams allocate nothing.
    boolean controlQueued;
    boolean dataQueued;
    boolean closing;
    long closeDeadlineNanos;

    @Nullable YamuxStreamChannel closingBefore;

    @Nullable YamuxStreamChannel closingAfter;

    YamuxStreamChannel(YamuxHandler session, YamuxStream stream, Channel connection) {
        this.session = session;
        this.stream = stream;
        this.config = new StreamConfig(this);
        this.pipeline = new StreamPipeline(this);
        this.closePromise = pipeline.newPromise();
        this.writability = new Writability(this, session);
        this.input = new StreamInput(this, session, stream);
        config.setAllocator(connection.alloc());
    }

    // The stream

    /** The Yamux id of this stream: odd when the connection's initiator opened it. */
    public long streamId() {
        return stream.id();
    }

    /** {@link Role#INITIATOR} when this end opened the stream. */
    public Role role() {
        return stream.role();
    }

    /**
     * Ends both directions at once: the peer gets RST, queued writes fail with {@link StreamResetException}, the channel is closed.
     * Does nothing to a stream that is over.
     *
     * @param code an error code for the peer, unsigned 32 bits; 0 for none
     */
    public void reset(long code) {
        if (code < 0 || code > 0xffff_ffffL) {
            throw new IllegalArgumentException("a reset code has 32 bits: " + code);
        }
        onEventLoop(() -> abort(code, new StreamResetException(stream.id(), code, false), false));
    }

    /** How much the peer may have sent at once that is not consumed here, in bytes; it grows. Event loop only. */
    public long receiveWindowBytes() {
        return stream.receiveWindow().size();
    }

    YamuxStream stream() {
        return stream;
    }

    SendQueue queue() {
        return queue;
    }

    // What the session does

    /** Makes the pipeline usable; handlers can be added. */
    void register() {
        registered = true;
        pipeline.fireChannelRegistered();
    }

    /** The initializer has run: the channel lives, and its first read is asked for. */
    void activate() {
        if (isOpen()) {
            active = true;
            wasActive = true;
            pipeline.fireChannelActive();
        }
    }

    /** Whether a SYN, data or a FIN can be written now. */
    boolean hasFrame() {
        return stream.state().canSend()
                && (isDataNext() || stream.isUnannounced() || (outputShutdown && queue.isEmpty()));
    }

    /** Whether the next frame of this stream has a body. */
    boolean isDataNext() {
        return queue.flushedBytes() > 0 && stream.sendWindow().available() > 0;
    }

    /** A frame took bytes from the queue. */
    void bytesSent(int bytes) {
        sentSinceTimer = true;
        if (stream.sendWindow().available() == 0) {
            writability.windowClosed();
        }
        writability.remove(bytes, false);
    }

    /** The FIN is in a frame. */
    void finSent(ChannelPromise written) {
        if (closing) { // the peer has its time from the FIN on
            session.closingStreams().remove(this);
            session.closingStreams().add(this);
        }
        session.settle(this);
        written.addListener(this::finWritten);
    }

    private void finWritten(Future<?> written) {
        finWritten = true;
        if (finPromise != null) {
            complete(finPromise, written.cause());
        }
        closeIfDone();
    }

    boolean isResetPending() {
        return resetPending;
    }

    /** The RST is in a frame; returns its code. */
    long takeReset() {
        resetPending = false;
        session.settle(this);
        return resetCode;
    }

    /** The peer gave credit. */
    void creditReceived() {
        if (stream.sendWindow().available() > 0) {
            writability.windowOpened();
        }
        session.framesPending(this);
    }

    /**
     * Bytes of the peer.
     *
     * @param bytes taken over
     * @param pinnedBytes the size of the buffer that they keep alive
     */
    void receive(ByteBuf bytes, int pinnedBytes) {
        if (inputShutdown || !isOpen()) {
            bytes.release();
            return;
        }
        answerDue = true;
        input.receive(bytes, pinnedBytes);
    }

    /** The peer's FIN has been received. */
    void inputEnded() {
        if (!inputShutdown && input.isIdle()) {
            endInput();
        }
        session.settle(this);
        closeIfDone();
    }

    /** The end of a round of reading on the connection. */
    void readComplete() {
        input.readComplete();
    }

    /** What was held back has been passed on, as far as it was asked for. */
    void unreadPassed() {
        if (inputShutdown || !input.isIdle() || stream.state().canReceive()) {
            return;
        }
        Throwable behind = failureBehindUnread;
        if (behind != null) {
            endAfterSession(behind);
        } else {
            endInput();
            closeIfDone();
        }
    }

    /** The peer reset the stream. */
    void resetByPeer(long code) {
        terminate(new StreamResetException(stream.id(), code, true), true);
        session.settle(this);
    }

    /** This end resets the stream for a fault of the peer. */
    void resetForFault(Throwable cause) {
        abort(0, cause, true);
    }

    /** The session is over. */
    void sessionEnded(Throwable cause, boolean byPeer) {
        boolean complete = !stream.state().canReceive();
        stream.reset();
        resetPending = false;
        if (byPeer && complete && isOpen() && !inputShutdown && hasUnread()) {
            keepUnread(cause);
        } else {
            terminate(cause, true);
        }
        session.settle(this);
    }

    /**
     * The peer sent all that it had to say, its FIN included, and then ended the session: that is still read, if the application reads
     * soon.
     */
    private void keepUnread(Throwable cause) {
        failureBehindUnread = cause;
        failOutput(cause);
        ScheduledFuture<?> patience = eventLoop()
                .schedule(
                        () -> terminate(cause, true),
                        session.config().get(YamuxConfig.CLOSE_TIMEOUT).toNanos(),
                        TimeUnit.NANOSECONDS);
        // Cancelled also when the event loop is shut down: then nobody can read any more.
        patience.addListener(done -> {
            if (done.isCancelled()) {
                terminate(cause, true);
            }
        });
        closePromise.addListener(closed -> patience.cancel(false));
    }

    /** What was kept when the session ended has been read. */
    private void endAfterSession(Throwable cause) {
        failureBehindUnread = null;
        endInput();
        closeIfDone();
        terminate(cause, !closeAsked);
    }

    /** The peer's FIN has not come in time after a close. */
    void closeTimedOut() {
        if (stream.state().canSend() && sentSinceTimer) {
            sentSinceTimer = false; // accepted writes are still leaving
            session.closingStreams().add(this);
            return;
        }
        abort(0, new StreamResetException(stream.id(), 0, false), false);
    }

    /** Whether shutting down the connection has to wait for this stream. */
    boolean isBusy() {
        boolean unsent = stream.state().canSend() && (queue.queuedBytes() > 0 || outputShutdown);
        boolean unanswered = stream.role() == Role.RESPONDER
                && !outputShutdown
                && (answerDue || !stream.state().canReceive())
                && stream.state().canSend();
        return unsent || unanswered;
    }

    /** Whether nothing is left of this stream and its channel, and the session was not told yet; to be acted upon. */
    boolean settle() {
        if (settled || !stream.state().isOver() || resetPending || isOpen()) {
            return false;
        }
        settled = true;
        return true;
    }

    boolean hasUnread() {
        return input.hasUnread();
    }

    long unreadBytes() {
        return stream.receiveWindow().unread();
    }

    Writability writability() {
        return writability;
    }

    // Reading

    /** The application turned autoRead off. */
    void readCleared() {
        if (eventLoop().inEventLoop()) {
            input.clearRead();
        } else {
            eventLoop().execute(() -> {
                if (!config.isAutoRead()) {
                    input.clearRead();
                }
            });
        }
    }

    private void endInput() {
        inputShutdown = true;
        input.readComplete();
        if (!isOpen()) {
            return;
        }
        if (config.isAllowHalfClosure()) {
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            unsafe.close(newPromise());
        }
    }

    private void discardInput() {
        if (!inputShutdown) {
            inputShutdown = true;
            input.discard();
            closeIfDone();
        }
    }

    // Closing

    private void closeOutput() {
        if (!outputShutdown) {
            outputShutdown = true;
            queue.flush();
            session.flushRequested(this);
        }
    }

    private void abort(long code, Throwable cause, boolean tell) {
        if (!stream.state().isOver()) {
            boolean announced = !stream.isUnannounced();
            stream.reset();
            if (announced) {
                resetPending = true;
                resetCode = code;
                session.controlPending(this);
            }
        }
        terminate(cause, tell);
        session.settle(this);
        session.requestPump();
    }

    /** Ends the channel with a failure. */
    private void terminate(Throwable cause, boolean tell) {
        if (!isOpen()) {
            return;
        }
        failure = cause;
        markClosed();
        failOutput(cause);
        if (tell) {
            pipeline.fireExceptionCaught(cause);
            fireInactive();
        } else {
            fireInactiveLater();
        }
        session.channelClosed(this);
    }

    private void failOutput(Throwable cause) {
        failure = cause;
        outputShutdown = true;
        long dropped = queue.queuedBytes();
        queue.fail(cause);
        writability.drop(dropped);
        if (finPromise != null) {
            finPromise.tryFailure(cause);
        }
    }

    /** Closes the channel when its FIN has left and its input is over or not wanted. */
    private void closeIfDone() {
        if (isOpen() && finWritten && (closeAsked || (stream.state().isOver() && inputShutdown))) {
            markClosed();
            fireInactiveLater();
            session.channelClosed(this);
            session.settle(this);
        }
    }

    private void markClosed() {
        active = false;
        inputShutdown = true;
        outputShutdown = true;
        input.discard();
        closePromise.trySuccess();
    }

    private void fireInactive() {
        if (wasActive) {
            pipeline.fireChannelInactive();
        }
        registered = false;
        pipeline.fireChannelUnregistered();
    }

    /** Not from within a call of the application, which may be in the middle of reading or writing. */
    private void fireInactiveLater() {
        try {
            eventLoop().execute(this::fireInactive);
        } catch (RejectedExecutionException shuttingDown) {
            fireInactive();
        }
    }

    private void onEventLoop(Runnable action) {
        if (eventLoop().inEventLoop()) {
            action.run();
        } else {
            eventLoop().execute(action);
        }
    }

    private static void complete(ChannelPromise promise, @Nullable Throwable cause) {
        if (cause == null) {
            promise.trySuccess();
        } else {
            promise.tryFailure(cause);
        }
    }

    // DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onEventLoop(() -> {
            discardInput();
            promise.trySuccess();
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            endOutput(promise);
        } else {
            eventLoop().execute(() -> endOutput(promise));
        }
        return promise;
    }

    private void endOutput(ChannelPromise promise) {
        if (finWritten || !isOpen()) {
            complete(promise, failure);
        } else if (finPromise == null) {
            finPromise = promise.unvoid();
            closeOutput();
        } else {
            finPromise.addListener(done -> complete(promise, done.cause()));
        }
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        onEventLoop(this::discardInput);
        return shutdownOutput(promise);
    }

    // Channel

    @Override
    public ChannelId id() {
        return new StreamChannelId(parent().id(), stream.id());
    }

    @Override
    public Channel parent() {
        return session.connection();
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
        return !closePromise.isDone();
    }

    @Override
    public boolean isRegistered() {
        return registered;
    }

    @Override
    public boolean isActive() {
        return active;
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
        return closePromise;
    }

    @Override
    public boolean isWritable() {
        return writability.isWritable();
    }

    @Override
    public long bytesBeforeUnwritable() {
        return isWritable() ? Math.max(0, config.getWriteBufferHighWaterMark() - writability.pendingBytes() + 1) : 0;
    }

    @Override
    public long bytesBeforeWritable() {
        return isWritable() ? 0 : Math.max(0, writability.pendingBytes() - config.getWriteBufferLowWaterMark() + 1);
    }

    @Override
    public int compareTo(Channel other) {
        return this == other ? 0 : id().compareTo(other.id());
    }

    @Override
    public String toString() {
        return parent() + "/" + stream;
    }

    /** The pipeline counts writes of other threads, and knows what to do with an error that no handler took. */
    private static final class StreamPipeline extends DefaultChannelPipeline {
        private final YamuxStreamChannel stream;

        StreamPipeline(YamuxStreamChannel stream) {
            super(stream);
            this.stream = stream;
        }

        @Override
        protected void incrementPendingOutboundBytes(long size) {
            stream.writability.add(size, true);
        }

        @Override
        protected void decrementPendingOutboundBytes(long size) {
            stream.writability.remove(size, true);
        }

        /** A handler that failed and told nobody leaves a stream that nobody answers: the peer is told. */
        @Override
        protected void onUnhandledInboundException(Throwable cause) {
            if (cause instanceof Libp2pException || !stream.isOpen()) {
                log.debug("stream={} unhandled={}", stream.id(), cause.toString());
            } else {
                log.warn("stream={} reset=unhandled-exception", stream.id(), cause);
                stream.reset(0);
            }
        }
    }

    /** The end of the pipeline: where writes and reads of the application arrive, on the event loop. */
    private final class StreamUnsafe implements Unsafe {
        @Override
        public void write(Object msg, ChannelPromise promise) {
            if (!promise.setUncancellable()) {
                ReferenceCountUtil.release(msg);
                return;
            }
            if (!(msg instanceof ByteBuf bytes)) {
                ReferenceCountUtil.release(msg);
                promise.tryFailure(new UnsupportedOperationException(
                        "a stream carries ByteBuf, not " + msg.getClass().getName()));
                return;
            }
            int length = bytes.readableBytes();
            Throwable refusal = refusal(length);
            if (refusal != null) {
                bytes.release();
                promise.tryFailure(refusal);
                return;
            }
            answerDue = false;
            if (length == 0) {
                bytes.release();
                queue.addEmpty(promise);
                return;
            }
            queue.add(session.newWrite(bytes, promise));
            writability.add(length, false);
            writability.checkConnection();
        }

        private @Nullable Throwable refusal(int length) {
            if (!isOpen()) {
                return failure != null ? failure : new ClosedChannelException();
            }
            if (outputShutdown) {
                return closeAsked
                        ? new ClosedChannelException()
                        : new ChannelOutputShutdownException("the output of this stream was shut down");
            }
            long limit = session.streamSendQueueBytes();
            if (queue.queuedBytes() + length > limit) {
                return new StreamQueueFullException(queue.queuedBytes(), length, limit);
            }
            return null;
        }

        @Override
        public void flush() {
            if (isOpen()) {
                queue.flush();
                session.flushRequested(YamuxStreamChannel.this);
            }
        }

        @Override
        public void beginRead() {
            if (isOpen()) {
                input.beginRead();
            }
        }

        @Override
        public void close(ChannelPromise promise) {
            if (!promise.setUncancellable()) {
                return;
            }
            if (!promise.isVoid()) {
                closePromise.addListener(done -> complete(promise, closeAsked && !finWritten ? failure : null));
            }
            if (closeAsked || !isOpen()) {
                return;
            }
            closeAsked = true;
            sentSinceTimer = false;
            inputShutdown = true;
            input.discard();
            closeOutput();
            closeIfDone();
            if (!stream.state().isOver()) {
                session.closingStreams().add(YamuxStreamChannel.this);
            }
        }

        @Override
        public void closeForcibly() {
            reset(0);
        }

        @Override
        public void disconnect(ChannelPromise promise) {
            close(promise);
        }

        @Override
        public void deregister(ChannelPromise promise) {
            unsupported(promise, "a stream stays on the event loop of its connection");
        }

        @Override
        public void register(EventLoop eventLoop, ChannelPromise promise) {
            unsupported(promise, "a stream is registered by its session");
        }

        @Override
        public void bind(SocketAddress localAddress, ChannelPromise promise) {
            unsupported(promise, "a stream has no address of its own");
        }

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            unsupported(promise, "a stream has no address of its own");
        }

        private void unsupported(ChannelPromise promise, String why) {
            if (promise.setUncancellable()) {
                promise.tryFailure(new UnsupportedOperationException(why));
            }
        }

        @Override
        @SuppressWarnings("deprecation") // the type is the interface's
        public RecvByteBufAllocator.Handle recvBufAllocHandle() {
            return config.<RecvByteBufAllocator>getRecvByteBufAllocator().newHandle();
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
        public ChannelPromise voidPromise() {
            return pipeline.voidPromise();
        }

        @Override
        public @Nullable ChannelOutboundBuffer outboundBuffer() {
            return null;
        }
    }
}
