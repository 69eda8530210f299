package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** Bytes that are no peer id. */
public final class InvalidPeerIdException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message what was expected and what came
     */
    public InvalidPeerIdException(String message) {
        super(message);
    }

    /**
     * A refusal with a cause.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public InvalidPeerIdException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
