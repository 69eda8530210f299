package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.RoundTrip;
import org.minip2p.yamux.StreamState;
import org.minip2p.yamux.YamuxHeader;
import org.minip2p.yamux.YamuxSession;
import org.minip2p.yamux.YamuxStream;

/**
 * Writes the frames of {@link FrameQueues}, and flushes them.
 *
 * <p><b>Back-pressure.</b> While the connection is not writable, nothing is written, not even control frames. Handlers in front may hold
 * written bytes until the flush, so bytes since the last flush count against what the connection can still accept.
 *
 * <p>Confined to the connection's event loop.
 */
final class FrameWriter {
    /**
     * The largest body, in bytes: with its header it fills one of our Noise frames, 64 KiB less 2 bytes of length and a tag of 16. rust and jvm
     * refuse more than 1 MiB (YMX-54).
     */
    static final int MAX_BODY_BYTES = 65_518 - YamuxHeader.SIZE_BYTES;

    /** The round trip is measured again when credit is returned and the last measurement is older than this. */
    private static final long ROUND_TRIP_AGE_NANOS = 1_000_000_000;

    private final Wire wire;
    private final YamuxSession session;
    private final FrameQueues queues;
    private int unflushedBytes;

    FrameWriter(Wire wire, YamuxSession session, FrameQueues queues) {
        this.wire = wire;
        this.session = session;
        this.queues = queues;
    }

    ReplyQueue replies() {
        return queues.replies();
    }

    /** Whether there is something to write and room for it. */
    boolean canWrite() {
        return !queues.isEmpty() && wire.isWritable();
    }

    /**
     * Writes all frames that can be written, and flushes them.
     *
     * @param maxBytes after how many to stop
     * @return how many bytes were flushed
     */
    int write(int maxBytes) {
        while (unflushedBytes < maxBytes && !queues.isEmpty() && hasRoom()) {
            writeNext();
        }
        return unflushedBytes == 0 ? 0 : flush();
    }

    /**
     * Writes only answers, so that more frames can be read in the same round; nothing if the connection has no room.
     */
    void makeRoomForReplies() {
        ReplyQueue replies = queues.replies();
        while (!replies.isEmpty() && wire.isWritable()) {
            while (!replies.isEmpty() && hasRoom()) {
                writeReply(replies);
            }
            if (!replies.isEmpty()) {
                flush();
            }
        }
    }

    /**
     * Writes GO_AWAY: after everything already written, before everything that waits.
     *
     * @return completed when the frame has left
     */
    ChannelPromise writeGoAway(long code) {
        ChannelPromise promise = wire.ctx().newPromise();
        wire.write(header(FrameType.GO_AWAY, Flags.NONE, 0, code), promise);
        flush();
        return promise;
    }

    /** Flushes; returns how many bytes were new to the connection. It may call the application, which may write more. */
    private int flush() {
        int flushed = unflushedBytes;
        unflushedBytes = 0;
        wire.ctx().flush();
        return flushed;
    }

    private boolean hasRoom() {
        Channel connection = wire.channel();
        return connection.isWritable() && (unflushedBytes == 0 || unflushedBytes < connection.bytesBeforeUnwritable());
    }

    /** Writes at most one frame, the first by the order of the queues. */
    private void writeNext() {
        if (!queues.replies().isEmpty()) {
            writeReply(queues.replies());
        } else if (queues.takePing()) {
            writePing();
        } else {
            writeOfStream();
        }
    }

    private void writeOfStream() {
        FrameSource controlled = queues.pollControl();
        if (controlled != null) {
            writeControl(controlled);
            return;
        }
        FrameSource source = queues.pollData();
        if (source != null) {
            if (source.hasFrame()) {
                writeData(source);
            }
            source.queueData();
        }
    }

    private void writeReply(ReplyQueue replies) {
        if (replies.isFirstPong()) {
            writeHeader(FrameType.PING, Flags.ACK, 0, replies.poll());
        } else {
            writeHeader(FrameType.WINDOW_UPDATE, Flags.RST, replies.poll(), session.refusalCode());
        }
    }

    private void writePing() {
        if (!session.roundTrip().isOpen()) {
            long value = session.roundTrip().request(wire.nanoTime());
            writeHeader(FrameType.PING, Flags.SYN, 0, value);
        }
    }

    private void writeControl(FrameSource source) {
        YamuxStream stream = source.protocol();
        if (source.isResetPending()) {
            writeHeader(FrameType.WINDOW_UPDATE, Flags.RST, stream.id(), source.takeReset());
            return;
        }
        StreamState state = stream.state();
        if (state.isOver() || stream.isUnannounced()) {
            return;
        }
        long credit = 0;
        if (state.canReceive() && stream.receiveWindow().isUpdateDue()) {
            long now = wire.nanoTime();
            credit = session.takeWindowUpdate(stream, now);
            measureRoundTrip(now);
        }
        boolean ackGoesWithData = credit == 0 && state.canSend() && source.nextBodyBytes() > 0;
        if (credit > 0 || (stream.openingFlag() != Flags.NONE && !ackGoesWithData)) {
            writeHeader(FrameType.WINDOW_UPDATE, session.takeOpeningFlag(stream), stream.id(), credit);
        }
    }

    private void measureRoundTrip(long nowNanos) {
        RoundTrip roundTrip = session.roundTrip();
        boolean isOld = roundTrip.nanos() == 0 || nowNanos - roundTrip.sentNanos() > ROUND_TRIP_AGE_NANOS;
        if (isOld && !roundTrip.isOpen()) {
            queues.addPing();
        }
    }

    /** A separate SYN frame if there is no data to carry it, otherwise data, otherwise a separate FIN frame. */
    private void writeData(FrameSource source) {
        YamuxStream stream = source.protocol();
        int body = (int) Math.min(MAX_BODY_BYTES, source.nextBodyBytes());
        if (body > 0) {
            stream.dataSent(body);
            writeHeader(FrameType.DATA, session.takeOpeningFlag(stream), stream.id(), body);
            unflushedBytes += body;
            source.writeBody(body);
        } else if (stream.openingFlag() != Flags.NONE) {
            writeHeader(FrameType.WINDOW_UPDATE, session.takeOpeningFlag(stream), stream.id(), 0);
        } else {
            stream.finSent();
            unflushedBytes += YamuxHeader.SIZE_BYTES;
            ByteBuf header = header(FrameType.DATA, Flags.FIN, stream.id(), 0);
            wire.write(header, source.finSent());
        }
    }

    private void writeHeader(FrameType type, int flag, long streamId, long length) {
        unflushedBytes += YamuxHeader.SIZE_BYTES;
        wire.write(header(type, flag, streamId, length), wire.ctx().voidPromise());
    }

    private ByteBuf header(FrameType type, int flag, long streamId, long length) {
        return wire.ctx()
                .alloc()
                .buffer(YamuxHeader.SIZE_BYTES, YamuxHeader.SIZE_BYTES)
                .writeInt(YamuxHeader.firstWord(type, flag))
                .writeInt((int) streamId)
                .writeInt((int) length);
    }
}
