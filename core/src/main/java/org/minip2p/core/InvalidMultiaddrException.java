package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** The bytes are not a valid multiaddr. */
public final class InvalidMultiaddrException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was expected and what came
     */
    public InvalidMultiaddrException(String message) {
        super(message);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    public InvalidMultiaddrException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
