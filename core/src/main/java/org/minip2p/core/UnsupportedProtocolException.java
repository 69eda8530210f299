package org.minip2p.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two ends have no protocol in common: every proposal was refused. Also how a lazy negotiation ends when the input ends before
 * the echo, and how a responder's ends when nothing that could be a proposal follows a refusal (MSS-35).
 */
public final class UnsupportedProtocolException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final transient List<ProtocolId> proposals;

    /**
     * A negotiation without a result.
     *
     * @param message what was expected and what came
     * @param proposals what the initiator proposed, in its order
     * @param cause what ended the negotiation, if not a refusal alone
     */
    public UnsupportedProtocolException(String message, List<ProtocolId> proposals, @Nullable Throwable cause) {
        super(message, cause);
        this.proposals = List.copyOf(proposals);
    }

    /** What the initiator proposed, in its order; on a responder without the texts that are no protocol id. */
    public List<ProtocolId> proposals() {
        return proposals;
    }
}
