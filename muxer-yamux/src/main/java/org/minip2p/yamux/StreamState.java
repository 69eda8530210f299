package org.minip2p.yamux;

/**
 * The state of a stream. There is no state for a stream whose ACK is missing: it is used like any other, and a late ACK
 * is no failure (YMX-14, YMX-78).
 */
public enum StreamState {
    /** Entered when the stream is opened by either side. Leaves on the first FIN or on a RST. */
    OPEN,
    /** Entered when this end has sent FIN. Leaves on the peer's FIN or on a RST. */
    SEND_CLOSED,
    /** Entered on the peer's FIN. Leaves when this end sends FIN or on a RST. */
    RECEIVE_CLOSED,
    /** Entered when both sides have sent FIN. Never left. */
    CLOSED,
    /** Entered when either side sent RST, or the session ended. Never left. */
    RESET;

    /** Whether this end may still send data. */
    public boolean canSend() {
        return this == OPEN || this == RECEIVE_CLOSED;
    }

    /** Whether the peer may still send data. */
    public boolean canReceive() {
        return this == OPEN || this == SEND_CLOSED;
    }

    /** Whether the stream has ended: frames for it are frames for an unknown stream. */
    public boolean isOver() {
        return this == CLOSED || this == RESET;
    }

    StreamState afterFinSent() {
        return this == RECEIVE_CLOSED ? CLOSED : SEND_CLOSED;
    }

    StreamState afterFinReceived() {
        return this == SEND_CLOSED ? CLOSED : RECEIVE_CLOSED;
    }
}
