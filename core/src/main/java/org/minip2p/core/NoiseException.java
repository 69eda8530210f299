package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** A failure of the secure channel that the peer or the network caused. The subclass says which. */
public class NoiseException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure without a cause.
     *
     * @param message what was expected and what came
     */
    public NoiseException(String message) {
        super(message);
    }

    /**
     * Creates a failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    public NoiseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
