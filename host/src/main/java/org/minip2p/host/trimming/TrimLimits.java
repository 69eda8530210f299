package org.minip2p.host.trimming;

import java.time.Duration;

/**
 * The limits for peers.
 *
 * @param maxPeers the most peers; a further one is admitted only if it is protected
 * @param high above it peers are dropped
 * @param low how many trimming leaves, if it may drop enough of them; at most {@code high}
 * @param grace how long a new peer is kept
 */
public record TrimLimits(int maxPeers, int high, int low, Duration grace) {
    /** Limits the low mark to the high one. */
    public TrimLimits {
        low = Math.min(low, high);
    }
}
