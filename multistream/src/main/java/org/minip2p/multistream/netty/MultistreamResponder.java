package org.minip2p.multistream.netty;

import java.util.function.Predicate;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.multistream.Responder;

/**
 * The stage of the end that answers. Its header leaves with its first answer, in one buffer (MSS-10). It writes no more than its
 * header, one short answer to each of {@link MultistreamConfig#MAX_PROPOSALS} proposals, and the echo: so little that it need not
 * check whether the channel is writable. See {@link MultistreamStage} for its behavior in a pipeline. For one channel, and
 * confined to its event loop.
 */
public final class MultistreamResponder extends MultistreamStage {
    /**
     * A responder.
     *
     * @param supports whether a proposal is accepted; asked on the event loop, at most once for each proposal
     * @param config the limits
     */
    public MultistreamResponder(
            Predicate<ProtocolId> supports, MultistreamConfig config, NegotiationListener listener) {
        super(new Responder(supports, config), null, listener);
    }
}
