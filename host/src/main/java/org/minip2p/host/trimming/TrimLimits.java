package org.minip2p.host.trimming;

import java.time.Duration;

/**
 * How many peers there may be.
 *
 * @param maxPeers one more is let in only if it is protected
 * @param high above it peers are asked to go
 * @param low so many are left then, if enough of them may go; {@code high} at the most
 * @param grace how long a peer is spared when it has come
 */
public record TrimLimits(int maxPeers, int high, int low, Duration grace) {
    /** Bounds the low mark by the high one. */
    public TrimLimits {
        low = Math.min(low, high);
    }
}
