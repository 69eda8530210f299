package org.minip2p.host.keeping;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before each attempt to reach one peer: twice as long after each failure, randomised from half to one and a half
 * times of that, so that many nodes that have lost the same peer do not come back at once. A connection that lasted longer than the
 * wait before it resets the count. A shorter one counts as a failure; otherwise a peer that accepts and closes would be dialed at the
 * shortest wait forever.
 *
 * <p>Not thread-safe. It has no clock: measured times are arguments.
 */
public final class ReconnectDelays {
    private final long firstNanos;
    private final long longestNanos;
    private final DoubleSupplier random;

    /** The average of the next wait. */
    private long meanNanos;

    private long lastNanos;

    /**
     * Creates the delays without failures.
     *
     * @param first the average after a loss
     * @param longest the maximum, unless {@code first} is longer
     * @param random from 0 to 1
     */
    public ReconnectDelays(Duration first, Duration longest, DoubleSupplier random) {
        this.firstNanos = first.toNanos();
        this.longestNanos = Math.max(firstNanos, longest.toNanos());
        this.random = random;
        this.meanNanos = firstNanos;
    }

    /** An attempt has failed: returns the wait before the next one, in nanoseconds. */
    long failed() {
        lastNanos = Math.min(longestNanos, (long) (meanNanos * (0.5 + random.getAsDouble())));
        meanNanos = Math.min(longestNanos, meanNanos * 2);
        return lastNanos;
    }

    /** A connection has ended after this many nanoseconds: returns the wait before the next attempt, in nanoseconds. */
    long lost(long lastedNanos) {
        if (lastedNanos > lastNanos) {
            meanNanos = firstNanos;
        }
        return failed();
    }
}
