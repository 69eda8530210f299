package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** A key message, or the key in it, is invalid. */
public final class InvalidKeyException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was expected and what came
     */
    public InvalidKeyException(String message) {
        super(message);
    }

    /**
     * Creates the exception with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    public InvalidKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
