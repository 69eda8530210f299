package org.minip2p.yamux;

import org.minip2p.core.Role;

/**
 * One stream as the protocol sees it: state, windows, and the flag of its next frame. Only {@link YamuxSession} creates
 * it and changes what the limits count.
 *
 * <p>Confined to the connection's event loop.
 */
public final class YamuxStream {
    /** More bytes than a protocol negotiation needs: a side that has sent more was sending application data. */
    private static final int ANSWER_BYTES = 4096;

    private final long id;
    private final Role role;
    private final SendWindow sendWindow = new SendWindow();
    private final ReceiveWindow receiveWindow;
    private StreamState state = StreamState.OPEN;

    /** Outbound: the peer's ACK has come. Inbound: ours has been sent. */
    private boolean acknowledged;

    private boolean isPeerToBlame;

    private int openingFlag;

    /** At most {@link #ANSWER_BYTES}. */
    private int sentBytes;

    YamuxStream(long id, Role role, ReceiveWindow receiveWindow) {
        this.id = id;
        this.role = role;
        this.receiveWindow = receiveWindow;
        this.openingFlag = role == Role.INITIATOR ? Flags.SYN : Flags.NONE;
    }

    /** The id, 1 to 2^32 - 1. */
    public long id() {
        return id;
    }

    /** {@link Role#INITIATOR} when this end opened the stream. */
    public Role role() {
        return role;
    }

    /** The state. */
    public StreamState state() {
        return state;
    }

    /** The window for sending. */
    public SendWindow sendWindow() {
        return sendWindow;
    }

    /** The window for receiving. */
    public ReceiveWindow receiveWindow() {
        return receiveWindow;
    }

    /** The flag of the next frame: SYN, ACK or none. */
    public int openingFlag() {
        return openingFlag;
    }

    /** Whether the SYN has not been sent yet: to the peer this stream does not exist. */
    public boolean isUnannounced() {
        return openingFlag == Flags.SYN;
    }

    /** The application accepted this inbound stream: its next frame acknowledges it (YMX-18). */
    public void accept() {
        if (role == Role.RESPONDER && !acknowledged) {
            openingFlag = Flags.ACK;
        }
    }

    /**
     * A body is sent.
     *
     * @param bytes its length, at most what the {@link #sendWindow} has
     */
    public void dataSent(long bytes) {
        sendWindow.take(bytes);
        sentBytes = (int) Math.min(ANSWER_BYTES, sentBytes + bytes);
    }

    /** Whether this end has sent more than a protocol negotiation needs. */
    boolean hasAnswered() {
        return sentBytes == ANSWER_BYTES;
    }

    /** This end has sent FIN. */
    public void finSent() {
        if (!state.canSend()) {
            throw new IllegalStateException("FIN in state " + state);
        }
        transition(state.afterFinSent());
    }

    /** This end resets the stream, or the session has ended. */
    public void reset() {
        if (!state.isOver()) {
            transition(StreamState.RESET);
        }
    }

    /** The stream is refused because of the peer's data; this counts like a reset by the peer (YMX-76). */
    public void blamePeer() {
        isPeerToBlame = true;
    }

    /** Whether the peer is to blame for the end of the stream. */
    public boolean isPeerToBlame() {
        return isPeerToBlame;
    }

    void finReceived() {
        transition(state.afterFinReceived());
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    void acknowledge() {
        acknowledged = true;
    }

    int takeOpeningFlag() {
        int flag = openingFlag;
        openingFlag = Flags.NONE;
        return flag;
    }

    private void transition(StreamState to) {
        state = to;
        if (to.isOver()) {
            receiveWindow.end();
        }
    }

    @Override
    public String toString() {
        return "stream " + id + " " + role + " " + state;
    }
}
