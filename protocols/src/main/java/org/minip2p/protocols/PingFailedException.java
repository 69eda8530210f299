package org.minip2p.protocols;

import org.minip2p.core.Libp2pException;

/** A ping was not answered, or not as the protocol requires. The stream is reset, the connection stays open. */
public final class PingFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The answer differs from the request (PNG-4). */
        WRONG_ANSWER,
        /** Bytes arrived without a request. */
        UNASKED_BYTES,
        /** The stream ended in the middle of a request or before the answer was complete. */
        CUT,
        /** The stream was idle for too long. */
        IDLE
    }

    private final Reason reason;

    PingFailedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return what went wrong} */
    public Reason reason() {
        return reason;
    }
}
