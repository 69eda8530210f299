package org.minip2p.yamux;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.ResetCode;
import org.minip2p.core.Role;
import org.minip2p.core.StreamIdsExhaustedException;

/**
 * A Yamux session as a state machine: it checks headers, opens and counts streams, and keeps the state for the limits. It has no payload,
 * no clock and no table of streams: the caller looks up a stream and passes it in.
 *
 * <p>Order of calls for input: {@link #receive} with each complete header; on {@link FrameOutcome#OPENED} the new stream is
 * {@link #opened}; then the body; then {@link #endOfFrame}, which applies FIN (YMX-25: SYN, ACK, body or credit, FIN; RST wins). For
 * output: {@link #canOpen}, {@link #open}, and {@link #takeOpeningFlag} for each frame written for a stream. When nothing is left of a
 * stream at this end, {@link #ended}.
 *
 * <p>Confined to the connection's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md">the Yamux specification of libp2p</a>
 */
public final class YamuxSession {
    /** The most own streams that wait for an ACK: go and rust stop at the same number (YMX-71). */
    static final int MAX_UNACKNOWLEDGED_OUTBOUND = 256;

    private final Role role;
    private final int maxInboundStreams;
    private final int maxUnacknowledgedStreams;
    private final int maxOutboundStreams;
    private final long maxStreamWindowBytes;
    private final ConnectionBudget budget;
    private final RoundTrip roundTrip = new RoundTrip();
    private final FloodGuard floods;

    private long nextId;
    private long largestWindow = SendWindow.INITIAL_BYTES;
    private int inboundStreams;
    private int outboundStreams;
    private int unacknowledgedInbound;
    private int unacknowledgedOutbound;
    private boolean refusing;
    private @Nullable YamuxStream opened;
    private @Nullable StreamRefusal refusal;

    /**
     * A new session.
     *
     * @param role the initiator opens odd ids, the responder even ones (YMX-10)
     * @param config the limits
     * @param hostBudget the budget that this connection shares with others
     */
    public YamuxSession(Role role, YamuxConfig config, MemoryBudget hostBudget) {
        this(role, config, hostBudget, role == Role.INITIATOR ? 1 : 2);
    }

    /** Creates a session that has used the ids below {@code nextId}. */
    YamuxSession(Role role, YamuxConfig config, MemoryBudget hostBudget, long nextId) {
        this.role = role;
        this.maxInboundStreams = config.get(YamuxConfig.MAX_INBOUND_STREAMS);
        this.maxUnacknowledgedStreams = config.get(YamuxConfig.MAX_UNACKNOWLEDGED_STREAMS);
        this.maxOutboundStreams = config.get(YamuxConfig.MAX_OUTBOUND_STREAMS);
        this.maxStreamWindowBytes = config.get(YamuxConfig.MAX_STREAM_WINDOW_BYTES);
        this.budget = new ConnectionBudget(config.get(YamuxConfig.CONNECTION_BUDGET_BYTES), hostBudget);
        this.floods = new FloodGuard(config.get(YamuxConfig.MAX_RESETS), config.get(YamuxConfig.RESET_WINDOW));
        this.nextId = nextId;
    }

    /** The memory held for the peer. */
    public ConnectionBudget budget() {
        return budget;
    }

    /** The pings of this end. */
    public RoundTrip roundTrip() {
        return roundTrip;
    }

    /** The streams of both sides that have not {@link #ended}. */
    public int openStreams() {
        return inboundStreams + outboundStreams;
    }

    /** Refuses new inbound streams from now on; open streams continue. */
    public void refuseStreams() {
        refusing = true;
    }

    /** The reset code for refused streams, see {@link ResetCode}. */
    public long refusalCode() {
        return refusing ? ResetCode.SHUTDOWN : ResetCode.RESOURCE_LIMIT_EXCEEDED;
    }

    // Opening

    /** Whether another stream may be opened now; if not, the caller waits until one has ended or its ACK has come. */
    public boolean canOpen() {
        return outboundStreams < maxOutboundStreams && unacknowledgedOutbound < MAX_UNACKNOWLEDGED_OUTBOUND;
    }

    /**
     * Opens a stream; its SYN goes with its first frame.
     *
     * @throws StreamIdsExhaustedException when no id is left (YMX-12, YMX-13)
     */
    public YamuxStream open(long nowNanos) throws StreamIdsExhaustedException {
        if (nextId > YamuxHeader.MAX_UINT32) {
            throw new StreamIdsExhaustedException();
        }
        YamuxStream stream = new YamuxStream(nextId, Role.INITIATOR, newReceiveWindow(nowNanos));
        nextId += 2;
        outboundStreams++;
        unacknowledgedOutbound++;
        return stream;
    }

    /** The flag for the next frame of a stream: SYN, ACK or none. */
    public int takeOpeningFlag(YamuxStream stream) {
        int flag = stream.takeOpeningFlag();
        if (flag == Flags.ACK) {
            acknowledge(stream);
        }
        return flag;
    }

    /** A stream has ended completely and makes room for another. Call it once for each stream. */
    public void ended(YamuxStream stream) {
        if (stream.role() == Role.INITIATOR) {
            outboundStreams--;
        } else {
            inboundStreams--;
            if (stream.state() == StreamState.CLOSED) {
                floods.giveBack();
            }
        }
        acknowledge(stream);
    }

    // Receiving

    /** Checks a header.
     *
     * @param frame the header
     * @param stream the stream with the header's id; null when there is none, or it has ended
     * @param nowNanos the time
     * @return what to do
     * @throws YamuxException when a fault of the peer ends the session; nothing may be received afterwards
     */
    public FrameOutcome receive(FrameReader frame, @Nullable YamuxStream stream, long nowNanos) throws YamuxException {
        floods.check();
        return switch (frame.type()) {
            case PING -> receivePing(frame, nowNanos);
            case GO_AWAY -> FrameOutcome.GO_AWAY;
            case DATA, WINDOW_UPDATE -> receiveStreamFrame(frame, stream, nowNanos);
        };
    }

    /** The stream of the last {@link FrameOutcome#OPENED}. */
    public YamuxStream opened() {
        if (opened == null) {
            throw new IllegalStateException("no stream was opened");
        }
        return opened;
    }

    /** Why the last {@link FrameOutcome#REFUSED} was. */
    public StreamRefusal refusal() {
        if (refusal == null) {
            throw new IllegalStateException("no stream was refused");
        }
        return refusal;
    }

    /**
     * The owner refused the stream that was opened last; this counts like other refusals (YMX-76).
     *
     * @throws YamuxException when it is one too many
     */
    public void refused(long nowNanos) throws YamuxException {
        floods.countReset(nowNanos);
    }

    /**
     * A stream of the peer was reset here because of its data; this counts like the peer's own resets. One too many ends the session with
     * the next frame.
     */
    public void provokedReset(long nowNanos) {
        floods.countProvokedReset(nowNanos);
    }

    /**
     * Applies FIN, after the body has been read.
     *
     * @return whether this ended the stream's input
     */
    public boolean endOfFrame(FrameReader frame, YamuxStream stream) {
        if (!frame.has(Flags.FIN) || !stream.state().canReceive()) {
            return false;
        }
        stream.finReceived();
        return true;
    }

    /** Grants credit for consumed bytes; returns the length of the window update. */
    public long takeWindowUpdate(YamuxStream stream, long nowNanos) {
        long credit = stream.receiveWindow().takeUpdate(nowNanos, roundTrip.shortestNanos());
        largestWindow = Math.max(largestWindow, stream.receiveWindow().size());
        return credit;
    }

    private FrameOutcome receivePing(FrameReader frame, long nowNanos) throws YamuxException {
        FrameOutcome outcome = roundTrip.receive(frame, nowNanos);
        return outcome == FrameOutcome.DROPPED ? nothing(nowNanos) : outcome;
    }

    private FrameOutcome receiveStreamFrame(FrameReader frame, @Nullable YamuxStream stream, long nowNanos)
            throws YamuxException {
        if (frame.streamId() == 0) {
            throw YamuxException.protocolError(frame.type() + " on stream 0"); // YMX-11
        }
        if (frame.has(Flags.SYN)) {
            return receiveSyn(frame, stream, nowNanos);
        }
        if (stream == null) {
            return receiveForUnknown(frame);
        }
        if (frame.has(Flags.RST)) {
            return receiveReset(frame, stream, nowNanos);
        }
        if (frame.has(Flags.ACK) && stream.role() == Role.INITIATOR) {
            acknowledge(stream);
        }
        if (frame.length() == 0) {
            return receiveFlags(frame, nowNanos);
        }
        if (frame.type() == FrameType.WINDOW_UPDATE) {
            stream.sendWindow().add(frame.length());
            return FrameOutcome.CREDIT;
        }
        return receiveData(frame, stream, nowNanos);
    }

    /** Neither a body nor credit: only ACK, which was applied, and FIN, which {@link #endOfFrame} applies. */
    private FrameOutcome receiveFlags(FrameReader frame, long nowNanos) throws YamuxException {
        if (frame.has(Flags.FIN)) {
            return FrameOutcome.FIN;
        }
        return frame.has(Flags.ACK) ? FrameOutcome.ACK : nothing(nowNanos);
    }

    private FrameOutcome receiveSyn(FrameReader frame, @Nullable YamuxStream live, long nowNanos)
            throws YamuxException {
        long id = frame.streamId();
        if ((id & 1) == (role == Role.INITIATOR ? 1 : 0)) {
            throw YamuxException.protocolError("SYN for stream " + id + ", an id of this end"); // YMX-20
        }
        if (live != null) {
            throw YamuxException.protocolError("SYN for stream " + id + ", which is live"); // YMX-21
        }
        // Checked before there is a stream (CVE-2026-32314), so that there is nothing to clean up.
        YamuxStream stream = new YamuxStream(id, Role.RESPONDER, newReceiveWindow(nowNanos));
        if (frame.type() == FrameType.DATA) {
            stream.receiveWindow().take(frame.length());
        } else if (!frame.has(Flags.RST)) {
            stream.sendWindow().add(frame.length());
        }
        if (frame.has(Flags.RST)) {
            floods.countReset(nowNanos); // YMX-27
            return FrameOutcome.DROPPED;
        }
        StreamRefusal reason = refusalNow();
        if (reason != null) {
            if (reason != StreamRefusal.SHUTTING_DOWN) {
                floods.countReset(nowNanos);
            }
            refusal = reason;
            return FrameOutcome.REFUSED;
        }
        inboundStreams++;
        unacknowledgedInbound++;
        opened = stream;
        return FrameOutcome.OPENED;
    }

    private @Nullable StreamRefusal refusalNow() {
        if (refusing) {
            return StreamRefusal.SHUTTING_DOWN; // YMX-69
        }
        if (inboundStreams >= maxInboundStreams) {
            return StreamRefusal.TOO_MANY_OPEN; // YMX-72
        }
        return unacknowledgedInbound >= maxUnacknowledgedStreams
                ? StreamRefusal.TOO_MANY_UNACKNOWLEDGED
                : null; // YMX-74
    }

    /**
     * Frames for ended streams are in flight whenever this end closes or resets first (YMX-23). They carry at most what a window allowed.
     */
    private FrameOutcome receiveForUnknown(FrameReader frame) throws YamuxException {
        if (frame.type() == FrameType.DATA && frame.length() > largestWindow) {
            throw YamuxException.protocolError("a data frame of " + frame.length() + " bytes for the unknown stream "
                    + frame.streamId() + ", no window was over " + largestWindow);
        }
        return FrameOutcome.DROPPED;
    }

    private FrameOutcome receiveReset(FrameReader frame, YamuxStream stream, long nowNanos) throws YamuxException {
        receiveForUnknown(frame); // bounds a body
        // Resets of our own streams are bounded by our own opening. A reset after a FIN says that the rest of the
        // answer is not read. If
        // there is no answer yet, the reset drops work that this end may be doing, and the next stream takes its slot.
        if (stream.role() == Role.RESPONDER && (stream.state().canReceive() || !stream.hasAnswered())) {
            floods.countReset(nowNanos);
        }
        stream.reset();
        return FrameOutcome.RESET_BY_PEER;
    }

    private FrameOutcome receiveData(FrameReader frame, YamuxStream stream, long nowNanos) throws YamuxException {
        if (!stream.state().canReceive()) {
            receiveForUnknown(frame);
            floods.countReset(nowNanos);
            return FrameOutcome.STREAM_ERROR; // YMX-33
        }
        stream.receiveWindow().take(frame.length());
        return FrameOutcome.DATA;
    }

    private FrameOutcome nothing(long nowNanos) throws YamuxException {
        floods.countEmptyFrame(nowNanos);
        return FrameOutcome.DROPPED;
    }

    private void acknowledge(YamuxStream stream) {
        if (stream.isAcknowledged()) {
            return; // YMX-24
        }
        stream.acknowledge();
        if (stream.role() == Role.INITIATOR) {
            unacknowledgedOutbound--;
        } else {
            unacknowledgedInbound--;
        }
    }

    private ReceiveWindow newReceiveWindow(long nowNanos) {
        return new ReceiveWindow(maxStreamWindowBytes, budget, nowNanos);
    }
}
