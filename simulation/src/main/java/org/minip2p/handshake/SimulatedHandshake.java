package org.minip2p.handshake;

import java.util.concurrent.CompletableFuture;

/** What a handshake keeps. In this package, since no application needs to know. */
public final class SimulatedHandshake {
    private SimulatedHandshake() {}

    /** Of how many peers something is kept. */
    public static CompletableFuture<Integer> peersKept(NodeInfoHandshake handshake) {
        return handshake.peersKept();
    }
}
