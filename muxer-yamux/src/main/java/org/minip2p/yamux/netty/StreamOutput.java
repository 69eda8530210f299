package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.StreamQueueFullException;
import org.minip2p.yamux.YamuxStream;

/**
 * What a stream sends: the writes that wait for credit and for room, the FIN behind them, or the RST instead of them.
 *
 * <p>Confined to the connection's event loop, {@link #isShutdown} excepted.
 */
final class StreamOutput implements FrameSource {
    /** No RST is to be sent: the codes have 32 bits. */
    private static final long NO_RESET = -1;

    /** What becomes of writes. */
    enum State {
        /**
         * Entered when the stream is made. Left for FIN_QUEUED when the application ends its output, for FAILED on a
         * failure.
         */
        OPEN,
        /**
         * Entered when the application ends its output. Left for FIN_WRITTEN when the FIN has been written, for FAILED
         * on a failure.
         */
        FIN_QUEUED,
        /** Entered when the connection has taken the FIN, or has failed to. Never left. */
        FIN_WRITTEN,
        /** Entered when either side resets the stream, or the session ends. Never left. */
        FAILED
    }

    private final StreamContext context;
    private final YamuxStream protocol;
    private final Writability writability;
    private final Runnable changed;
    private final SendQueue queue = new SendQueue();
    private volatile State state = State.OPEN;
    private @Nullable ChannelPromise finPromise;
    private long resetCode = NO_RESET;
    private boolean controlQueued;
    private boolean dataQueued;

    /** The place of a closed stream among those that wait for the peer's FIN; made when it is closed. */
    private ClosingStreams.@Nullable Entry closing;

    /**
     * The output of a new stream.
     *
     * @param changed run by the turn when a FIN or RST has left
     */
    StreamOutput(StreamContext context, YamuxStream protocol, Channel channel, Runnable changed) {
        this.context = context;
        this.protocol = protocol;
        this.writability = new Writability(channel, context.waiters());
        this.changed = changed;
    }

    Writability writability() {
        return writability;
    }

    /** Whether writes are refused. Any thread. */
    boolean isShutdown() {
        return state != State.OPEN;
    }

    /** Whether the FIN is with the connection. */
    boolean isFinWritten() {
        return state == State.FIN_WRITTEN;
    }

    /** Whether nothing more will be sent: all has been, or it has failed. */
    boolean isDone() {
        return state == State.FIN_WRITTEN || state == State.FAILED;
    }

    /** The bytes that wait. */
    long queuedBytes() {
        return queue.queuedBytes();
    }

    // What the application does

    /**
     * Why there is no room for a write; null when there is.
     *
     * @param length its length, in bytes
     */
    @Nullable StreamQueueFullException overflow(int length) {
        long limit = context.maxQueuedBytes();
        long queued = queue.queuedBytes();
        return queued + length > limit ? new StreamQueueFullException(queued, length, limit) : null;
    }

    /** Queues bytes, which are taken over; a write without bytes completes with the one before it. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
            queue.addEmpty(promise);
            return;
        }
        queue.add(new PendingWrite(context.wire(), bytes, promise));
        writability.add(length, false);
        writability.checkConnection();
    }

    /** What has been queued may be sent. */
    void flush() {
        queue.flush();
        queueData();
    }

    /** FIN follows what has been queued. */
    void queueFin() {
        if (state == State.OPEN) {
            transition(State.FIN_QUEUED);
            flush();
        }
    }

    /** Completes a promise with the FIN, which has not been written yet. */
    void addFinPromise(ChannelPromise promise) {
        if (finPromise == null) {
            finPromise = promise.unvoid();
        } else {
            finPromise.addListener(done -> complete(promise, done.cause()));
        }
    }

    /**
     * The peer's FIN has to come in time, or this is run.
     *
     * @param timedOut called when it has not, unless accepted writes are still leaving
     */
    void expectFin(Runnable timedOut) {
        closing = new ClosingStreams.Entry(timedOut);
        context.closing().add(closing);
    }

    /** No FIN of the peer is waited for any more. */
    void stopExpectingFin() {
        if (closing != null) {
            context.closing().remove(closing);
            closing = null;
        }
    }

    // What the peer does

    /** The peer gave credit. */
    void creditReceived() {
        if (protocol.sendWindow().available() > 0) {
            writability.windowOpened();
        }
        queueData();
    }

    // The end

    /** Drops what waits; every promise fails. */
    void fail(Throwable cause) {
        if (state != State.FIN_WRITTEN) {
            transition(State.FAILED);
        }
        long dropped = queue.queuedBytes();
        queue.fail(cause);
        writability.drop(dropped);
        if (finPromise != null) {
            finPromise.tryFailure(cause);
        }
    }

    /** An RST is to be sent. */
    void queueReset(long code) {
        resetCode = code;
        queueControl();
    }

    /** Nobody needs an RST any more. */
    void dropReset() {
        resetCode = NO_RESET;
    }

    // Frames

    @Override
    public YamuxStream protocol() {
        return protocol;
    }

    /** Queues for a window update, ACK or RST. */
    void queueControl() {
        if (!controlQueued) {
            controlQueued = true;
            context.queues().addControl(this);
        }
    }

    @Override
    public void controlTaken() {
        controlQueued = false;
    }

    @Override
    public boolean isResetPending() {
        return resetCode != NO_RESET;
    }

    @Override
    public long takeReset() {
        long code = resetCode;
        resetCode = NO_RESET;
        context.turn().soon(changed);
        return code;
    }

    @Override
    public void queueData() {
        if (!dataQueued && hasFrame()) {
            dataQueued = true;
            context.queues().addData(this);
        }
    }

    @Override
    public void dataTaken() {
        dataQueued = false;
    }

    @Override
    public boolean hasFrame() {
        return protocol.state().canSend()
                && (nextBodyBytes() > 0 || protocol.isUnannounced() || (state == State.FIN_QUEUED && queue.isEmpty()));
    }

    @Override
    public long nextBodyBytes() {
        return Math.min(queue.flushedBytes(), protocol.sendWindow().available());
    }

    @Override
    public void writeBody(int bytes) {
        queue.writeTo(context.wire(), bytes);
        if (closing != null) {
            closing.sending();
        }
        if (protocol.sendWindow().available() == 0) {
            writability.windowClosed();
        }
        writability.remove(bytes, false);
    }

    @Override
    public void finSent(ChannelPromise written) {
        if (closing != null) {
            context.closing().add(closing); // the peer has its time from the FIN on
        }
        written.addListener(this::finWritten);
        context.turn().soon(changed);
    }

    private void finWritten(Future<?> written) {
        context.turn().begin();
        if (state == State.FIN_QUEUED) {
            transition(State.FIN_WRITTEN);
        }
        if (finPromise != null) {
            complete(finPromise, written.cause());
        }
        context.turn().soon(changed);
        context.turn().end();
    }

    private void transition(State to) {
        state = to;
    }

    static void complete(ChannelPromise promise, @Nullable Throwable cause) {
        if (cause == null) {
            promise.trySuccess();
        } else {
            promise.tryFailure(cause);
        }
    }
}
