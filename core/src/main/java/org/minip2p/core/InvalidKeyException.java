package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** A key message, or a key in it, that is refused. */
public final class InvalidKeyException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message what was expected and what came
     */
    public InvalidKeyException(String message) {
        super(message);
    }

    /**
     * A refusal with a cause.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public InvalidKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
