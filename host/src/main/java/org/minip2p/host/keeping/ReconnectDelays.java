package org.minip2p.host.keeping;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before each attempt to reach one peer: twice as long after each failure, and from half to one and a half times of
 * that, so that many who have lost the same peer do not come back at once. A connection that lasted longer than the wait before it ends
 * the count; one that ended sooner is one more failure, or a peer that accepts and closes would be asked for ever at the shortest wait.
 *
 * <p>Not thread-safe. No clock: what is measured is an argument.
 */
public final class ReconnectDelays {
    private final long firstNanos;
    private final long longestNanos;
    private final DoubleSupplier random;

    /** What the next wait is on average. */
    private long meanNanos;

    private long lastNanos;

    /**
     * Nothing has failed yet.
     *
     * @param first after a loss, on average
     * @param longest never longer, unless {@code first} is
     * @param random from 0 to 1
     */
    public ReconnectDelays(Duration first, Duration longest, DoubleSupplier random) {
        this.firstNanos = first.toNanos();
        this.longestNanos = Math.max(firstNanos, longest.toNanos());
        this.random = random;
        this.meanNanos = firstNanos;
    }

    /** An attempt has failed: the wait before the next one, in nanoseconds. */
    long failed() {
        lastNanos = Math.min(longestNanos, (long) (meanNanos * (0.5 + random.getAsDouble())));
        meanNanos = Math.min(longestNanos, meanNanos * 2);
        return lastNanos;
    }

    /** A connection has ended after so many nanoseconds: the wait before the next attempt, in nanoseconds. */
    long lost(long lastedNanos) {
        if (lastedNanos > lastNanos) {
            meanNanos = firstNanos;
        }
        return failed();
    }
}
