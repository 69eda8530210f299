package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** The peer did not prove its identity. */
public final class RemoteIdentityException extends NoiseException {
    private static final long serialVersionUID = 1L;

    /** What was wrong with its proof. */
    public enum Reason {
        /** The payload is not the expected protobuf message. */
        UNREADABLE_PAYLOAD,
        /** There is no identity key. */
        MISSING_KEY,
        /** There is no signature. */
        MISSING_SIGNATURE,
        /** The identity key is invalid. */
        INVALID_KEY,
        /** The signature of this identity key over this static key is invalid. */
        BAD_SIGNATURE
    }

    private final Reason reason;

    RemoteIdentityException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What was wrong with its proof. */
    public Reason reason() {
        return reason;
    }
}
