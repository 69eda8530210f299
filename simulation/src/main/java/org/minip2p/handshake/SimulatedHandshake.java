package org.minip2p.handshake;

import java.util.concurrent.CompletableFuture;

/** The state of a handshake. It is in this package because no application needs it. */
public final class SimulatedHandshake {
    private SimulatedHandshake() {}

    /** The number of peers for which the handshake keeps state. */
    public static CompletableFuture<Integer> peersKept(NodeInfoHandshake handshake) {
        return handshake.peersKept();
    }
}
