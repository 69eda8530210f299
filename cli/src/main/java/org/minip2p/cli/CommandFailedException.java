package org.minip2p.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command failed; the message is for its user, in one line. */
final class CommandFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String reason;

    /** Creates the exception.
     *
     * @param message what was expected and what came
     */
    CommandFailedException(String message) {
        this(message, null, null);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    CommandFailedException(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    /**
     * Creates the exception with a kind for programs, and a cause.
     *
     * @param message what was expected and what came, for people
     * @param reason the kind of failure, for programs, if it has a name
     * @param cause the cause
     */
    CommandFailedException(String message, @Nullable String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Creates the exception with a kind for programs.
     *
     * @param reason the kind, for programs
     * @param message what was expected and what came, for people
     */
    static CommandFailedException withReason(String reason, String message) {
        return new CommandFailedException(message, reason, null);
    }

    /** The kind of failure, for programs, if it has one. */
    @Nullable String reason() {
        return reason;
    }
}
