package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** The peer violated the framing of transport messages; nothing more is read. */
public final class FramingException extends NoiseException {
    private static final long serialVersionUID = 1L;

    /** How. */
    public enum Reason {
        /** A frame is too short for its tag. */
        SHORT_FRAME,
        /** The input ended inside a frame. */
        TRUNCATED,
        /** Too many frames without data came in a row. */
        TOO_MANY_EMPTY_FRAMES,
        /** An error on this side prevented the handling of a frame. */
        INTERNAL
    }

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason how the framing was violated
     * @param message what was expected and what came
     */
    public FramingException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param reason how the framing was violated
     * @param message what was expected and what came
     * @param cause the cause
     */
    public FramingException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** How. */
    public Reason reason() {
        return reason;
    }
}
