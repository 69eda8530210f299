package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke a rule of multistream-select, or the channel ended before the negotiation did. If the two ends only have no
 * protocol in common, there is an {@link UnsupportedProtocolException} instead.
 */
public final class NegotiationFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure without a cause.
     *
     * @param message what was expected and what came
     */
    public NegotiationFailedException(String message) {
        super(message);
    }

    /**
     * Creates a failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    public NegotiationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
