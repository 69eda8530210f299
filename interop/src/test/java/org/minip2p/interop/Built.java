package org.minip2p.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Skips tests whose peer is not built. */
final class Built {
    private Built() {}

    /** Skips the test if this peer is not built, and says what is missing. */
    static void assume(Peers peer) {
        assumeTrue(peer.isBuilt(), peer::whatIsMissing);
    }
}
