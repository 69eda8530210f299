package org.minip2p.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two ends have no protocol in common: every proposal was refused. A lazy negotiation also fails with this when the input ends
 * before the echo, and so does a responder's negotiation when no proposal follows a refusal (MSS-35).
 */
public final class UnsupportedProtocolException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final transient List<ProtocolId> proposals;

    /**
     * Creates the exception.
     *
     * @param message what was expected and what came
     * @param proposals the initiator's proposals, in its order
     * @param cause what ended the negotiation, if it was not only a refusal
     */
    public UnsupportedProtocolException(String message, List<ProtocolId> proposals, @Nullable Throwable cause) {
        super(message, cause);
        this.proposals = List.copyOf(proposals);
    }

    /** {@return the initiator's proposals, in its order; on a responder without texts that are not protocol ids} */
    public List<ProtocolId> proposals() {
        return proposals;
    }
}
