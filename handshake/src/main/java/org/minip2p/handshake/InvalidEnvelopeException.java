package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** Bytes that are no signed envelope, or one that is not valid for what was expected. */
public final class InvalidEnvelopeException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** The check that failed, in the order in which they are made. */
    public enum Reason {
        /** More bytes than are read (ENV-16). */
        TOO_LARGE,
        /** No protobuf message, or a field is missing (ENV-1, ENV-10). */
        MALFORMED,
        /** Another payload type than was expected (ENV-12). */
        WRONG_PAYLOAD_TYPE,
        /** The public key is not one (ENV-10). */
        INVALID_KEY,
        /** The signature is not the key's for domain, type and payload (ENV-7). */
        INVALID_SIGNATURE
    }

    private final Reason reason;

    InvalidEnvelopeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    InvalidEnvelopeException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** The check that failed. */
    public Reason reason() {
        return reason;
    }
}
