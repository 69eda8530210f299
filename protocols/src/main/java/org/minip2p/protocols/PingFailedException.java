package org.minip2p.protocols;

import org.minip2p.core.Libp2pException;

/** A ping was not answered, or not as the protocol wants it. The stream is reset, the connection stays. */
public final class PingFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The answer is not what was sent (PNG-4). */
        WRONG_ANSWER,
        /** Bytes came that answer nothing. */
        UNASKED_BYTES,
        /** The stream ended in the middle of a request or before the answer was complete. */
        CUT,
        /** The stream stood idle for too long. */
        IDLE
    }

    private final Reason reason;

    PingFailedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
