package org.minip2p.protocols;

import org.minip2p.core.Libp2pException;

/** A perf exchange did not go as the protocol says. The stream is reset, the connection stays. */
public final class PerfFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The client ended before it had said how much it wants (PRF-11). */
        NO_REQUEST,
        /** The server sent less than was asked for, or went away (PRF-7, PRF-18). */
        TOO_FEW_BYTES,
        /** The server sent more than was asked for (PRF-7). */
        TOO_MANY_BYTES,
        /** The server sent bytes before it had read all of the upload (PRF-5). */
        TOO_EARLY
    }

    private final Reason reason;

    PerfFailedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
