package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/** What can go wrong in the secure channel by the peer's or the network's doing. The subclass tells what. */
public class NoiseException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure that nothing else brought about.
     *
     * @param message what was expected and what came
     */
    public NoiseException(String message) {
        super(message);
    }

    /**
     * A failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public NoiseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
