package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** The Noise handshake itself failed, whoever the peer is. */
public final class HandshakeFailedException extends NoiseException {
    private static final long serialVersionUID = 1L;

    /** At what. */
    public enum Reason {
        /** A message is too short for the keys and tags it has to hold. */
        MESSAGE_TOO_SHORT,
        /** A tag does not match: a message was changed, or the two sides did not start from the same. */
        BAD_TAG,
        /** A public key is a point of low order, so the shared secret is zero. */
        ZERO_SHARED_SECRET,
        /** The first message came with a payload, which nothing protects. */
        UNEXPECTED_PAYLOAD,
        /** The input ended before the handshake was complete. */
        TRUNCATED,
        /** The connection failed, or something on this side did. */
        CONNECTION_FAILED
    }

    private final Reason reason;

    /**
     * A failed handshake.
     *
     * @param reason at what it failed
     * @param message what was expected and what came
     */
    public HandshakeFailedException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * A failed handshake.
     *
     * @param reason at what it failed
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public HandshakeFailedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** At what it failed. */
    public Reason reason() {
        return reason;
    }
}
