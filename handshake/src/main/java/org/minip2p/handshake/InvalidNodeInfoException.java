package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** The payload is not valid node info (NIF-10, NIF-11). */
public final class InvalidNodeInfoException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** The check that failed. */
    public enum Reason {
        /** It is not a JSON object, or it is too deep or too long (NIF-15). */
        MALFORMED,
        /** There are fewer than two entries, or one is not text. */
        INVALID_ENTRIES,
        /** The network id does not begin with {@code 0x}. */
        INVALID_NETWORK_ID,
        /** The third entry is not metadata: it is not a JSON object, or has subnets of a different length or kind. */
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

    /** {@return the check that failed} */
    public Reason reason() {
        return reason;
    }
}
