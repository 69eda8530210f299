package org.minip2p.multistream.netty;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.Initiator;

/**
 * The stage of the end that proposes. Its first write is header and first proposal in one buffer (MSS-10). See
 * {@link MultistreamStage} for its behavior in a pipeline. For one channel, and confined to its event loop.
 */
public final class MultistreamInitiator extends MultistreamStage {
    private MultistreamInitiator(Initiator negotiation, @Nullable ProtocolId assumed, NegotiationListener listener) {
        super(negotiation, assumed, listener);
    }

    /**
     * A stage that waits for the peer's agreement before the next handler is installed.
     *
     * @param proposals at least one, the preferred one first
     * @throws IllegalArgumentException when there is none, or when one is part of multistream-select itself
     */
    public static MultistreamInitiator waiting(List<ProtocolId> proposals, NegotiationListener listener) {
        return new MultistreamInitiator(Initiator.waiting(proposals), null, listener);
    }

    /**
     * A stage that installs the next handler at once, so that its first bytes leave with the proposal (MSS-30). It stays in the
     * pipeline until the peer has agreed, and passes writes, but no input, meanwhile (MSS-31). A refusal, or an end of input
     * before the agreement, is an {@link org.minip2p.core.UnsupportedProtocolException} (MSS-32). A half-closure of our own
     * side meanwhile changes nothing (MSS-36).
     *
     * <p>It must not be nested in another lazy negotiation that is unconfirmed (MSS-34).
     *
     * @throws IllegalArgumentException when the proposal is part of multistream-select itself
     */
    public static MultistreamInitiator lazy(ProtocolId proposal, NegotiationListener listener) {
        return new MultistreamInitiator(Initiator.lazy(proposal), proposal, listener);
    }
}
