package org.minip2p.noise;

import java.util.List;
import java.util.Optional;

/**
 * The choice of a stream muxer from what both sides named in their handshake payloads.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">Inlined muxer negotiation</a>
 */
final class EarlyMuxer {
    private EarlyMuxer() {}

    /**
     * The first of the initiator's that the responder has (NOI-56), whatever else is named (NOI-61).
     *
     * @param initiators what the initiator speaks, in its order of preference; empty when it named none
     * @param responders what the responder speaks; empty when it named none
     * @return the muxer, or nothing when a side named none, and it is negotiated over the channel (NOI-58)
     * @throws NoCommonMuxerException when both named some and have none in common (NOI-57)
     */
    static Optional<String> choose(List<String> initiators, List<String> responders) throws NoCommonMuxerException {
        if (initiators.isEmpty() || responders.isEmpty()) {
            return Optional.empty();
        }
        for (String muxer : initiators) {
            if (responders.contains(muxer)) {
                return Optional.of(muxer);
            }
        }
        throw new NoCommonMuxerException(initiators, responders);
    }
}
