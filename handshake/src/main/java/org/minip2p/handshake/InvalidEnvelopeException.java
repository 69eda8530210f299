package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** The bytes are not a signed envelope, or not one that is valid here. */
public final class InvalidEnvelopeException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** The checks, in their order. */
    public enum Reason {
        /** The envelope is too long (ENV-16). */
        TOO_LARGE,
        /** It is not a protobuf message, or a field is missing (ENV-1, ENV-10). */
        MALFORMED,
        /** The payload type is not the expected one (ENV-12). */
        WRONG_PAYLOAD_TYPE,
        /** The public key is invalid (ENV-10). */
        INVALID_KEY,
        /** The signature is not valid for key, domain, type and payload (ENV-7). */
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

    /** {@return the check that failed} */
    public Reason reason() {
        return reason;
    }
}
