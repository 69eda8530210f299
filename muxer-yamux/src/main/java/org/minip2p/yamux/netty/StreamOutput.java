package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.yamux.YamuxStream;

/**
 * The output of a stream: writes that wait for credit and room, the FIN after them, or the RST instead of them.
 *
 * <p>Confined to the connection's event loop, {@link #isShutdown} excepted.
 */
final class StreamOutput implements FrameSource, PendingWrite.Owner {
    /** No RST is pending; outside the 32-bit range of codes. */
    private static final long NO_RESET = -1;

    /** The state of the output. */
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
        /** Entered when the connection has taken the FIN, or has failed to. Left for FAILED on a failure. */
        FIN_WRITTEN,
        /** Entered when either side resets the stream, or the session ends. Never left. */
        FAILED
    }

    /** The stream: run by the turn when a FIN or an RST has left. */
    interface Owner extends Runnable {
        /** The FIN is on its way to the connection. */
        void finLeaving();
    }

    private final StreamContext context;
    private final YamuxStream protocol;
    private final Writability writability;
    private final Owner owner;
    private final SendQueue queue = new SendQueue();
    private final WriteLimit limit;
    private volatile State state = State.OPEN;
    private @Nullable ChannelPromise finPromise;
    private long heldBytes;
    private long resetCode = NO_RESET;
    private boolean controlQueued;
    private boolean dataQueued;

    /** Whether a byte was written or sent since the last call. */
    private boolean hasProgressed;

    /** Whether the peer sent something since the application last wrote. */
    private boolean isAnswerDue;

    /** The output of a new stream. */
    StreamOutput(StreamContext context, YamuxStream protocol, Channel channel, Owner owner) {
        this.context = context;
        this.protocol = protocol;
        this.writability = new Writability(channel, context.waiters());
        this.limit = new WriteLimit(context, protocol.sendWindow(), writability, queue);
        this.owner = owner;
    }

    Writability writability() {
        return writability;
    }

    /** The limit of writes. */
    WriteLimit limit() {
        return limit;
    }

    /** Whether writes are refused. Any thread. */
    boolean isShutdown() {
        return state != State.OPEN;
    }

    /** Whether the FIN has been passed to the connection. */
    boolean isFinWritten() {
        return state == State.FIN_WRITTEN;
    }

    /** Whether nothing more will be sent: everything has been sent, or it has failed. */
    boolean isDone() {
        return state == State.FIN_WRITTEN || state == State.FAILED;
    }

    /** The waiting bytes. */
    long queuedBytes() {
        return queue.queuedBytes();
    }

    /** The memory of unsent data, including the connection's own queue, in bytes. */
    long heldBytes() {
        return heldBytes;
    }

    /** Whether shutting down the connection must wait: data is unsent, or the peer waits for an answer. */
    boolean isBusy() {
        if (!protocol.state().canSend()) {
            return false;
        }
        boolean isUnsent = queue.queuedBytes() > 0 || isShutdown();
        boolean isUnanswered = protocol.role() == Role.RESPONDER
                && (isAnswerDue || !protocol.state().canReceive());
        return isUnsent || isUnanswered;
    }

    // What the application does

    /** Queues bytes, and takes them over; a write without bytes completes with the one before it. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        isAnswerDue = false;
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
            queue.addEmpty(promise);
            return;
        }
        boolean hadRoom = limit.hasRoom();
        PendingWrite write = new PendingWrite(context.wire(), bytes, promise, this);
        queue.add(write);
        heldBytes += write.heldBytes();
        context.budget().holdUnsent(write.heldBytes());
        context.waiters().look();
        hasProgressed = true;
        limit.look(hadRoom);
        writability.add(length, false);
        writability.checkConnection();
    }

    /** Queued data may be sent. */
    void flush() {
        queue.flush();
        queueData();
    }

    /** FIN follows the queued data. */
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

    /** Whether a byte was written to the stream, or accepted by the connection or the peer, since the last call. */
    boolean takeProgress() {
        boolean progressed = hasProgressed;
        hasProgressed = false;
        return progressed;
    }

    // What the peer does

    /** The peer sent wanted data. */
    void answerDue() {
        isAnswerDue = true;
    }

    /** The peer granted credit, at least one byte. */
    void creditReceived() {
        hasProgressed = true;
        writability.windowOpened();
        queueData();
    }

    // The end

    /** Drops waiting data; every promise fails. */
    void fail(Throwable cause) {
        transition(State.FAILED);
        long dropped = queue.queuedBytes();
        queue.fail(cause);
        writability.drop(dropped);
        if (finPromise != null) {
            finPromise.tryFailure(cause);
        }
    }

    /** Ends both directions, and tells the peer if it knows of the stream; does nothing to a stream that has ended. */
    void reset(long code) {
        if (!protocol.state().isOver()) {
            boolean isAnnounced = !protocol.isUnannounced();
            protocol.reset();
            if (isAnnounced) {
                resetCode = code;
                queueControl();
            }
        }
    }

    // Frames

    @Override
    public YamuxStream protocol() {
        return protocol;
    }

    /** The peer may send more: queues a window update if one is due. */
    void queueUpdate() {
        if (protocol.receiveWindow().isUpdateDue() && protocol.state().canReceive()) {
            queueControl();
        }
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
        context.turn().soon(owner);
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
        boolean hadRoom = limit.isBelowHighWaterMark();
        queue.writeTo(context.wire(), bytes);
        hasProgressed = true;
        if (protocol.sendWindow().available() == 0) {
            limit.look(hadRoom);
            writability.windowClosed();
        }
        writability.remove(bytes, false);
    }

    @Override
    public void completed(PendingWrite write, boolean hasLeft) {
        if (hasLeft) {
            context.wire().taken(write.length());
        }
        heldBytes -= write.heldBytes();
        context.budget().release(write.heldBytes());
        if (context.waiters().isOverdrawn()) {
            context.turn().begin(); // if it no longer is, waiting streams are notified at the end
            context.turn().end();
        }
    }

    @Override
    public ChannelPromise finSent() {
        owner.finLeaving();
        return new FinWrite();
    }

    /** What becomes of the FIN's frame. */
    private final class FinWrite extends WirePromise {
        FinWrite() {
            super(context.wire().channel());
        }

        @Override
        void done(@Nullable Throwable failure) {
            finWritten(failure);
        }
    }

    private void finWritten(@Nullable Throwable failure) {
        context.turn().begin();
        if (state == State.FIN_QUEUED) {
            transition(State.FIN_WRITTEN);
        }
        if (finPromise != null) {
            complete(finPromise, failure);
        }
        context.turn().soon(owner);
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
