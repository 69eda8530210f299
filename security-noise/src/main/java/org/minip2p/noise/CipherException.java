package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** A message could not be sealed or opened, and neither can any later one in the same direction. */
public final class CipherException extends NoiseException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** The tag does not match the message: it was changed, repeated, reordered, or sealed with another key. */
        BAD_TAG,
        /** All nonces of this key have been used. */
        NONCES_EXHAUSTED
    }

    private final Reason reason;

    CipherException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
