package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** The Noise handshake itself failed, for any peer. */
public final class HandshakeFailedException extends NoiseException {
    private static final long serialVersionUID = 1L;

    /** The kind of failure. */
    public enum Reason {
        /** A message is too short for its keys and tags. */
        MESSAGE_TOO_SHORT,
        /** A tag does not match: a message was changed, or the two sides did not start from the same state. */
        BAD_TAG,
        /** A public key is a point of low order, so the shared secret is zero. */
        ZERO_SHARED_SECRET,
        /** The first message had a payload, which would be unprotected. */
        UNEXPECTED_PAYLOAD,
        /** The input ended before the handshake was complete. */
        TRUNCATED,
        /** The connection failed, or there was an error on this side. */
        CONNECTION_FAILED
    }

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason the kind of failure
     * @param message what was expected and what came
     */
    public HandshakeFailedException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates the exception.
     *
     * @param reason the kind of failure
     * @param message what was expected and what came
     * @param cause the cause
     */
    public HandshakeFailedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The kind of failure. */
    public Reason reason() {
        return reason;
    }
}
