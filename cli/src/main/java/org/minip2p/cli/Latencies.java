package org.minip2p.cli;

import java.util.Arrays;

/** Measured times and their percentiles. Immutable. */
final class Latencies {
    private final long[] sortedNanos;

    /** At least one measured time, in nanoseconds. */
    Latencies(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no time was measured");
        }
        sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    /** The least time that the given share of all did not exceed (nearest rank), in microseconds. */
    double percentileMicros(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sortedNanos.length);
        return Units.micros(sortedNanos[Math.max(0, rank - 1)]);
    }
}
