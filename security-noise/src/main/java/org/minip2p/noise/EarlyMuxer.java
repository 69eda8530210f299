package org.minip2p.noise;

import java.util.List;
import java.util.Optional;
import org.minip2p.core.Role;

/**
 * The choice of a stream muxer from what both sides named in their handshake payloads.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">Inlined muxer negotiation</a>
 */
final class EarlyMuxer {
    private EarlyMuxer() {}

    /**
     * The first of the initiator's muxers that the responder also has (NOI-56); unknown names are ignored (NOI-61).
     *
     * @param role ours
     * @param ours our muxers, in our order of preference; empty when we named none
     * @param theirs the peer's muxers, in its order; empty when it named none
     * @return the muxer, or empty when a side named none, so that it is negotiated over the channel (NOI-58). It is always our own string,
     *     which all connections share; the peer's copy would stay in memory for each connection
     * @throws NoCommonMuxerException when both named some and have none in common (NOI-57)
     */
    static Optional<String> choose(Role role, List<String> ours, List<String> theirs) throws NoCommonMuxerException {
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        boolean isInitiator = role == Role.INITIATOR;
        List<String> initiators = isInitiator ? ours : theirs;
        List<String> responders = isInitiator ? theirs : ours;
        for (String muxer : initiators) {
            if (responders.contains(muxer)) {
                return Optional.of(ours.get(ours.indexOf(muxer)));
            }
        }
        throw new NoCommonMuxerException(initiators, responders);
    }
}
