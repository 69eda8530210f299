package org.minip2p.protocols;

import org.minip2p.core.Libp2pException;

/** A perf exchange broke the protocol. The stream is reset, the connection stays open. */
public final class PerfFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The client ended before it had sent the requested size (PRF-11). */
        NO_REQUEST,
        /** The server sent less than requested, or disconnected (PRF-7, PRF-18). */
        TOO_FEW_BYTES,
        /** The server sent more than requested (PRF-7). */
        TOO_MANY_BYTES,
        /** The server sent bytes before it had read all of the upload (PRF-5). */
        TOO_EARLY
    }

    private final Reason reason;

    PerfFailedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return what went wrong} */
    public Reason reason() {
        return reason;
    }
}
