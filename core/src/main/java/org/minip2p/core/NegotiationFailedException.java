package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke a rule of multistream-select, or the channel ended before the negotiation did. That the two ends merely have no
 * protocol in common is an {@link UnsupportedProtocolException} instead.
 */
public final class NegotiationFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure that nothing else brought about.
     *
     * @param message what was expected and what came
     */
    public NegotiationFailedException(String message) {
        super(message);
    }

    /**
     * A failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public NegotiationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
