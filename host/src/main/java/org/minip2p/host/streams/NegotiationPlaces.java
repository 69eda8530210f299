package org.minip2p.host.streams;

/** How many inbound streams of one connection may negotiate at a time. Confined to its event loop. */
final class NegotiationPlaces {
    private final int limit;
    private int taken;

    NegotiationPlaces(int limit) {
        this.limit = limit;
    }

    boolean tryTake() {
        if (taken >= limit) {
            return false;
        }
        taken++;
        return true;
    }

    void release() {
        taken--;
    }
}
