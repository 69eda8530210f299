package org.minip2p.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command did not do what it was asked for; the message is what its user reads, in one line. */
final class CommandFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable String reason;

    /**
     * A failure.
     *
     * @param message what was expected and what came
     */
    CommandFailedException(String message) {
        this(message, null, null);
    }

    /**
     * A failure that something else brought about.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    CommandFailedException(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    /**
     * A failure of a kind that programs may want to know, brought about by something else.
     *
     * @param message what was expected and what came, for people
     * @param reason the kind, for programs, if it has a name
     * @param cause what brought it about
     */
    CommandFailedException(String message, @Nullable String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * A failure of a known kind.
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
