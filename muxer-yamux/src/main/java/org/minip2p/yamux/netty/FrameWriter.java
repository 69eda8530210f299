package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.RoundTrip;
import org.minip2p.yamux.StreamState;
import org.minip2p.yamux.YamuxHeader;
import org.minip2p.yamux.YamuxSession;
import org.minip2p.yamux.YamuxStream;

/**
 * Decides which frame is written next, and when to flush.
 *
 * <p><b>Order.</b> Pings and answers first, then window updates, ACKs and RSTs of streams, then data: streams that have data and
 * credit take turns, one frame each (YMX-50, 55, 57). A stream has one pending flag of each kind, however often it was set.
 *
 * <p><b>Back-pressure.</b> While the connection is not writable nothing is written, control frames included. Handlers in front may
 * hold what is written until the flush, so bytes since the last flush are counted against what the connection can still take.
 *
 * <p><b>Re-entrance.</b> Writing and flushing completes promises and fires writability, and applications write more from there: that
 * joins the round that is under way.
 *
 * <p>Confined to the connection's event loop.
 */
final class FrameWriter implements Runnable {
    /**
     * The largest body, in bytes: with its header it fills one Noise frame, 65,535 less the tag of 16 bytes. rust and jvm refuse more
     * than 1 MiB (YMX-54).
     */
    static final int MAX_BODY_BYTES = 65_519 - YamuxHeader.SIZE_BYTES;

    /** What is written before the event loop gets a turn to read: an answer to a ping waits for no more than this, in bytes. */
    private static final int TURN_BYTES = 1 << 20;

    /** The round trip is measured again when a window is given back and the last measure is older than this. */
    private static final long ROUND_TRIP_AGE_NANOS = 1_000_000_000;

    private final YamuxHandler handler;
    private final ChannelHandlerContext ctx;
    private final Channel connection;
    private final YamuxSession session;

    private final ReplyQueue replies = new ReplyQueue();
    private final ArrayDeque<YamuxStreamChannel> control = new ArrayDeque<>(0);
    private final ArrayDeque<YamuxStreamChannel> data = new ArrayDeque<>(0);
    private boolean pingToSend;
    private boolean pumping;
    private boolean scheduled;
    private long unflushedBytes;
    private long progress;

    FrameWriter(YamuxHandler handler, ChannelHandlerContext ctx, YamuxSession session) {
        this.handler = handler;
        this.ctx = ctx;
        this.connection = ctx.channel();
        this.session = session;
    }

    ReplyQueue replies() {
        return replies;
    }

    /** A number that changes whenever the connection has taken something. */
    long progress() {
        return progress;
    }

    void progressed() {
        progress++;
    }

    /** A ping is to be sent, unless one is open or about to be sent. */
    void pingPending() {
        if (!session.roundTrip().isOpen()) {
            pingToSend = true;
        }
    }

    /** The stream has a window update, ACK or RST to send. */
    void controlPending(YamuxStreamChannel stream) {
        if (!stream.controlQueued) {
            stream.controlQueued = true;
            control.add(stream);
        }
    }

    /** The stream has a SYN, data with credit, or a FIN to send. */
    void dataPending(YamuxStreamChannel stream) {
        if (!stream.dataQueued) {
            stream.dataQueued = true;
            data.add(stream);
        }
    }

    /** Forgets everything that was to be sent. */
    void clear() {
        pingToSend = false;
        replies.clear();
        control.clear();
        data.clear();
    }

    /** Another turn, scheduled by {@link #pump}. */
    @Override
    public void run() {
        scheduled = false;
        pump();
    }

    /** Writes what can be written, and flushes it. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        long turn = 0;
        try {
            do {
                while (turn < TURN_BYTES && hasRoom() && hasFrames()) {
                    turn += writeNext();
                }
                if (unflushedBytes > 0) {
                    unflushedBytes = 0;
                    ctx.flush();
                }
            } while (turn < TURN_BYTES && hasFrames() && connection.isWritable());
        } finally {
            pumping = false;
        }
        if (hasFrames() && connection.isWritable() && !scheduled) {
            scheduled = true;
            ctx.executor().execute(this);
        }
        handler.framesWritten();
    }

    /** Writes answers alone, so that more frames can be read in the same round; nothing if the connection has no room. */
    void makeRoomForReplies() {
        while (!pumping && !replies.isEmpty() && connection.isWritable()) {
            while (!replies.isEmpty() && hasRoom()) {
                writeReply();
            }
            if (!replies.isEmpty()) {
                unflushedBytes = 0;
                ctx.flush();
            }
        }
    }

    private boolean hasRoom() {
        return connection.isWritable() && (unflushedBytes == 0 || unflushedBytes < connection.bytesBeforeUnwritable());
    }

    private boolean hasFrames() {
        return pingToSend || !replies.isEmpty() || !control.isEmpty() || !data.isEmpty();
    }

    /** Writes at most one frame, the first by the order above; returns its size in bytes. */
    private long writeNext() {
        long before = unflushedBytes;
        if (!replies.isEmpty()) {
            writeReply();
        } else if (pingToSend) {
            writePing();
        } else if (!control.isEmpty()) {
            YamuxStreamChannel stream = control.remove();
            stream.controlQueued = false;
            writeControl(stream);
        } else {
            YamuxStreamChannel stream = data.remove();
            stream.dataQueued = false;
            if (stream.hasFrame()) {
                writeStreamFrame(stream);
            }
            if (stream.hasFrame()) {
                dataPending(stream);
            }
        }
        return unflushedBytes - before;
    }

    private void writeReply() {
        if (replies.isFirstPong()) {
            writeHeader(FrameType.PING, Flags.ACK, 0, replies.poll());
        } else {
            writeHeader(FrameType.WINDOW_UPDATE, Flags.RST, replies.poll(), 0);
        }
    }

    private void writePing() {
        pingToSend = false;
        if (!session.roundTrip().isOpen()) {
            long value = session.roundTrip().request(handler.nanoTime());
            writeHeader(FrameType.PING, Flags.SYN, 0, value);
        }
    }

    private void writeControl(YamuxStreamChannel channel) {
        YamuxStream stream = channel.stream();
        if (channel.isResetPending()) {
            writeHeader(FrameType.WINDOW_UPDATE, Flags.RST, stream.id(), channel.takeReset());
            return;
        }
        StreamState state = stream.state();
        if (state.isOver() || stream.isUnannounced()) {
            return;
        }
        long credit = 0;
        if (state.canReceive() && stream.receiveWindow().isUpdateDue()) {
            long now = handler.nanoTime();
            credit = session.takeWindowUpdate(stream, now);
            measureRoundTrip(now);
        }
        boolean ackGoesWithData = credit == 0 && channel.hasFrame() && channel.isDataNext();
        if (credit > 0 || (stream.openingFlag() != Flags.NONE && !ackGoesWithData)) {
            writeHeader(FrameType.WINDOW_UPDATE, session.takeOpeningFlag(stream), stream.id(), credit);
        }
    }

    private void measureRoundTrip(long nowNanos) {
        RoundTrip roundTrip = session.roundTrip();
        if (roundTrip.nanos() == 0 || nowNanos - roundTrip.sentNanos() > ROUND_TRIP_AGE_NANOS) {
            pingPending();
        }
    }

    /** SYN on a frame of its own when there is no data to carry it, else data, else FIN on a frame of its own. */
    private void writeStreamFrame(YamuxStreamChannel channel) {
        YamuxStream stream = channel.stream();
        if (channel.isDataNext()) {
            int body = (int) Math.min(
                    MAX_BODY_BYTES,
                    Math.min(channel.queue().flushedBytes(), stream.sendWindow().available()));
            stream.sendWindow().take(body);
            writeHeader(FrameType.DATA, session.takeOpeningFlag(stream), stream.id(), body);
            unflushedBytes += body;
            channel.queue().writeTo(ctx, body);
            channel.bytesSent(body);
        } else if (stream.openingFlag() != Flags.NONE) {
            writeHeader(FrameType.WINDOW_UPDATE, session.takeOpeningFlag(stream), stream.id(), 0);
        } else {
            ChannelPromise written = ctx.newPromise();
            stream.finSent();
            unflushedBytes += YamuxHeader.SIZE_BYTES;
            write(ctx, header(FrameType.DATA, Flags.FIN, stream.id(), 0), written);
            channel.finSent(written);
        }
    }

    /**
     * Ends the session on the wire: behind everything that was written, ahead of everything that waits.
     *
     * @return completed when the frame has left
     */
    ChannelPromise writeGoAway(long code) {
        ChannelPromise promise = ctx.newPromise();
        write(ctx, header(FrameType.GO_AWAY, Flags.NONE, 0, code), promise);
        unflushedBytes = 0;
        ctx.flush();
        return promise;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    static void write(ChannelHandlerContext ctx, ByteBuf bytes, ChannelPromise promise) {
        ctx.write(bytes, promise);
    }

    private void writeHeader(FrameType type, int flag, long streamId, long length) {
        unflushedBytes += YamuxHeader.SIZE_BYTES;
        write(ctx, header(type, flag, streamId, length), ctx.voidPromise());
    }

    private ByteBuf header(FrameType type, int flag, long streamId, long length) {
        return ctx.alloc()
                .buffer(YamuxHeader.SIZE_BYTES, YamuxHeader.SIZE_BYTES)
                .writeInt(YamuxHeader.firstWord(type, flag))
                .writeInt((int) streamId)
                .writeInt((int) length);
    }
}
