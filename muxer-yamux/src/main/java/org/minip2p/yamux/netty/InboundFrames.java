package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ResetCode;
import org.minip2p.core.SessionClosedException;
import org.minip2p.yamux.FrameOutcome;
import org.minip2p.yamux.FrameReader;
import org.minip2p.yamux.GoAwayCode;
import org.minip2p.yamux.YamuxException;
import org.minip2p.yamux.YamuxHeader;
import org.minip2p.yamux.YamuxSession;

/**
 * Passes the bytes of a connection to its streams: reads headers, for any split of the input, lets the session check them, and executes
 * them; bodies go to their streams as they arrive, without copying (YMX-8, YMX-47). While an answer might not fit, the rest waits here;
 * after a while, the rest also waits so that the event loop can serve its other connections.
 *
 * <p>Confined to the connection's event loop, {@link #hasRead} excepted.
 */
final class InboundFrames implements Runnable {
    /**
     * How long the frames of one round may take, handlers of the application included, in nanoseconds. More than the transport's own
     * limit, which is enough where frames cost little.
     */
    private static final long MAX_ROUND_NANOS = 3_000_000;

    /** After how many frames the clock is read. */
    private static final int FRAMES_PER_LOOK = 16;

    /** How much memory bytes may keep that arrive before the start, until nothing more is read. */
    private static final int MAX_EARLY_BYTES = 65_536;

    /** What happens to arriving bytes. */
    private enum Gate {
        /** Entered when the session is made. Left when it is started, or over. */
        HELD,
        /** Entered when the session is started. Left when it is over. */
        OPEN,
        /** Entered when the session has ended: bytes are discarded. Never left. */
        SHUT
    }

    private final Wire wire;
    private final Turn turn;
    private final YamuxSession session;
    private final StreamTable streams;
    private final FrameWriter writer;
    private final ReplyQueue replies;
    private final Pings pings;
    private final FrameReader frame = new FrameReader();
    private final ArrivedBytes arrived = new ArrivedBytes();
    private Gate gate = Gate.HELD;

    /** The stream for the body and the FIN of the current frame; null when they are skipped. */
    private @Nullable LocalStream target;

    private boolean isComplete;
    private long nowNanos;
    private volatile boolean hasRead;

    /** When the round began, or the task that reads what has waited. */
    private long roundNanos;

    private boolean isInRound;

    /** Whether frames wait until the event loop has served others. */
    private boolean isYielding;

    private byte framesUntilLook;

    InboundFrames(Wire wire, Turn turn, YamuxSession session, StreamTable streams, FrameWriter writer, Pings pings) {
        this.wire = wire;
        this.turn = turn;
        this.session = session;
        this.streams = streams;
        this.writer = writer;
        this.replies = writer.replies();
        this.pings = pings;
        this.nowNanos = wire.nanoTime();
    }

    /** Frames may be read from now on. */
    void start() {
        if (gate == Gate.HELD) {
            gate = Gate.OPEN;
            nowNanos = wire.nanoTime();
            arrived.start();
        }
    }

    /** The session has ended: discards waiting and later bytes. */
    void stop() {
        gate = Gate.SHUT;
        target = null;
        arrived.release();
    }

    /** Takes bytes over. */
    void add(ByteBuf bytes) {
        if (gate == Gate.SHUT) {
            bytes.release();
        } else if (gate == Gate.HELD) {
            arrived.addEarly(wire.channel().alloc(), bytes);
        } else {
            arrived.add(bytes);
        }
    }

    /** No more bytes will arrive. Earlier bytes still count, even if no further answer can be sent. */
    void complete() {
        isComplete = true;
        isYielding = false;
    }

    /** A round of reading has begun, or goes on. */
    void beginRound() {
        if (!isInRound) {
            isInRound = true;
            roundNanos = wire.nanoTime();
        }
    }

    /** The round of reading is over. */
    void endRound() {
        isInRound = false;
    }

    /** The event loop has served others. */
    @Override
    public void run() {
        turn.begin();
        isYielding = false;
        turn.end();
    }

    /** When frames were last read. */
    long lastReadNanos() {
        return nowNanos;
    }

    /** Whether a frame has been read. Any thread. */
    boolean hasRead() {
        return hasRead;
    }

    /** Whether more bytes would be read. */
    boolean wantsInput() {
        return gate == Gate.SHUT || (gate == Gate.OPEN && arrived.isEmpty());
    }

    /**
     * Whether so much waits that nothing more may be read: frames until their answers can leave, or too many bytes until {@link #start}.
     * Fewer bytes do not stop reading, since only reading tells that the connection has ended.
     */
    boolean isBlocked() {
        return (gate == Gate.OPEN && !arrived.isEmpty()) || arrived.earlyBytes() >= MAX_EARLY_BYTES;
    }

    /** Why a session ends whose bytes end here. */
    SessionClosedException endOfInput() {
        boolean isBetweenFrames = !frame.isInBody() && !frame.isInHeader();
        String position =
                frame.isInBody() ? "inside a body" : frame.isInHeader() ? "inside a header" : "between frames";
        return new SessionClosedException(
                isBetweenFrames ? SessionClosedException.END_OF_BYTES : SessionClosedException.NO_CODE,
                "the connection ended " + position + " without GO_AWAY",
                null);
    }

    /**
     * Reads as many frames as have come and may be read.
     *
     * @return whether there was anything to read
     * @throws YamuxException when a fault of the peer ends the session
     * @throws SessionClosedException when the peer has ended the session, or its bytes have ended
     */
    boolean read() throws YamuxException, SessionClosedException {
        if (gate != Gate.OPEN || isYielding || (arrived.isEmpty() && !isComplete)) {
            return false;
        }
        nowNanos = wire.nanoTime();
        if (!isInRound) {
            roundNanos = nowNanos;
        }
        boolean isBusy = false;
        for (ByteBuf bytes; mayReadFrame() && (bytes = arrived.poll()) != null; ) {
            read(bytes);
            isBusy = true;
        }
        if (isComplete && arrived.isEmpty() && gate == Gate.OPEN) {
            throw endOfInput();
        }
        return isBusy;
    }

    /** Not while an answer might not fit, or other connections of the event loop have waited for too long. */
    private boolean mayReadFrame() {
        if (isYielding) {
            return false;
        }
        if (replies.isFull()) {
            if (isComplete) {
                replies.clear();
            } else {
                writer.makeRoomForReplies();
            }
        }
        return gate == Gate.OPEN && !replies.isFull();
    }

    /** Releases the bytes, or puts them back when reading has to pause. */
    private void read(ByteBuf bytes) throws YamuxException, SessionClosedException {
        boolean owned = true;
        try {
            while (owned && bytes.isReadable() && gate == Gate.OPEN) {
                if (frame.isInBody()) {
                    owned = !goesWhole(bytes); // the throwing method has taken it over, too
                    readBody(bytes, !owned);
                    endFrameAfterBody();
                } else if (!mayReadFrame()) {
                    owned = gate != Gate.OPEN;
                    if (!owned) {
                        arrived.putBack(bytes);
                    }
                    return;
                } else if (readHeader(bytes)) {
                    target = obey();
                    endFrameAfterBody();
                }
            }
        } finally {
            if (owned) {
                bytes.release();
            }
        }
    }

    private boolean readHeader(ByteBuf bytes) throws YamuxException {
        if (!frame.isInHeader() && bytes.readableBytes() >= YamuxHeader.SIZE_BYTES) {
            frame.header(bytes.readInt(), bytes.readInt(), bytes.readInt());
            return true;
        }
        return frame.headerByte(bytes.readByte());
    }

    /** Executes a header; returns the stream that gets the body and the FIN, null when there is none. */
    private @Nullable LocalStream obey() throws YamuxException, SessionClosedException {
        if (!hasRead) {
            hasRead = true;
        }
        long id = frame.streamId();
        LocalStream stream = streams.get(id);
        FrameOutcome outcome = session.receive(frame, stream == null ? null : stream.protocol(), nowNanos);
        return switch (outcome) {
            case DATA, ACK, FIN -> stream;
            case CREDIT -> {
                live(stream).output().creditReceived();
                yield stream;
            }
            case OPENED -> accept();
            case STREAM_ERROR -> {
                live(stream).resetForFault(ResetCode.PROTOCOL_VIOLATION);
                yield null;
            }
            case RESET_BY_PEER -> {
                live(stream).resetByPeer(frame.resetCode());
                yield null;
            }
            case REFUSED -> {
                replies.refuse(id);
                streams.refused(session.refusal());
                yield null;
            }
            case PING -> {
                replies.pong(frame.length());
                yield null;
            }
            case PONG -> {
                pings.answered();
                yield null;
            }
            case GO_AWAY -> {
                long code = frame.length();
                throw new SessionClosedException(
                        code, "the peer ended the session: " + GoAwayCode.describe(code), null);
            }
            case DROPPED -> null;
        };
    }

    private static LocalStream live(@Nullable LocalStream stream) {
        if (stream == null) {
            throw new IllegalStateException("no such stream, and the session has judged otherwise");
        }
        return stream;
    }

    private @Nullable LocalStream accept() throws YamuxException {
        framesUntilLook = 0; // it costs as much as many other frames
        LocalStream stream = streams.accept(session.opened());
        if (stream == null) {
            session.refused(nowNanos);
        }
        return stream;
    }

    /** Whether a body's stream takes over the buffer: the last bytes of an unshared buffer are passed without a slice. */
    private boolean goesWhole(ByteBuf bytes) {
        return target != null && frame.bodyRemaining() >= bytes.readableBytes() && bytes.refCnt() == 1;
    }

    /** Passes on the available part of a body. */
    private void readBody(ByteBuf bytes, boolean whole) {
        int length = (int) Math.min(frame.bodyRemaining(), bytes.readableBytes());
        frame.bodyRead(length);
        LocalStream stream = target;
        if (stream == null) {
            bytes.skipBytes(length);
            return;
        }
        stream.receive(whole ? bytes : bytes.readRetainedSlice(length));
        pings.received(length);
        if (session.budget().mustShed()) {
            streams.resetGreediest();
        }
    }

    /** A frame is complete: applies its FIN, and lets streams that have ended make room for those of the next frame. */
    private void endFrameAfterBody() {
        LocalStream stream = target;
        if (frame.isInBody()) {
            return;
        }
        if (--framesUntilLook < 0) {
            look();
        }
        if (stream != null) {
            target = null;
            if (session.endOfFrame(frame, stream.protocol())) {
                stream.finReceived();
            }
        }
        streams.release();
    }

    /** Leaves the rest of the round to a later task if the event loop has been busy with it for too long. */
    private void look() {
        framesUntilLook = FRAMES_PER_LOOK;
        if (!isComplete && !isYielding && wire.nanoTime() - roundNanos > MAX_ROUND_NANOS) {
            isYielding = wire.runAfterOthers(this);
        }
    }
}
