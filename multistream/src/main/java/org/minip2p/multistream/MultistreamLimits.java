package org.minip2p.multistream;

/**
 * What a responder puts up with in one negotiation. Immutable. The time limit is not here: deadlines belong to whoever owns the
 * channel (MSS-26).
 *
 * @param maxProposals how many proposals are answered, at least 1; one more ends the negotiation (MSS-27)
 */
public record MultistreamLimits(int maxProposals) {
    /** 16 proposals: more than any stack offers, and an answer to each still fits into one packet. */
    public static final MultistreamLimits DEFAULT = new MultistreamLimits(16);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException when no proposal would be answered
     */
    public MultistreamLimits {
        if (maxProposals < 1) {
            throw new IllegalArgumentException("maxProposals is at least 1, not " + maxProposals);
        }
    }
}
