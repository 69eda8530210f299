package org.minip2p.host.streams;

/** Limits the inbound streams of one connection that negotiate at the same time. Confined to its event loop. */
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
