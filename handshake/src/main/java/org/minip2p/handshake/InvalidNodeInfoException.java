package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A payload that is no node info (NIF-10, NIF-11). */
public final class InvalidNodeInfoException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** The check that failed. */
    public enum Reason {
        /** No JSON object, or one that is too deep or too long (NIF-15). */
        MALFORMED,
        /** Fewer than two entries, or one that is no text. */
        INVALID_ENTRIES,
        /** A network id without {@code 0x}. */
        INVALID_NETWORK_ID,
        /** The third entry is no metadata: no JSON object, or subnets of another length or kind. */
        INVALID_METADATA
    }

    private final Reason reason;

    InvalidNodeInfoException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    InvalidNodeInfoException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** The check that failed. */
    public Reason reason() {
        return reason;
    }
}
