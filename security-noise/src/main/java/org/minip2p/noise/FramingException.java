package org.minip2p.noise;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;

/** The framing of transport messages was violated; nothing more is read. */
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
        /** A frame could not be handled by a fault on this side. */
        INTERNAL
    }

    private final Reason reason;

    /**
     * A violation.
     *
     * @param reason how the framing was violated
     * @param message what was expected and what came
     */
    public FramingException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * A violation with a cause.
     *
     * @param reason how the framing was violated
     * @param message what was expected and what came
     * @param cause what brought it about
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
