package org.minip2p.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Skips tests whose peer is not built. */
final class Built {
    private Built() {}

    /** Skips the test, with a line that says what is missing, when this peer is not built. */
    static void assume(Peers peer) {
        assumeTrue(peer.isBuilt(), peer::whatIsMissing);
    }
}
