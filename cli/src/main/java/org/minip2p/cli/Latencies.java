package org.minip2p.cli;

import org.HdrHistogram.Histogram;

/** Measured times and their percentiles, exact to a thousandth. Not thread-safe. */
final class Latencies {
    private static final int DIGITS = 3;

    private final Histogram nanos = new Histogram(DIGITS);

    /** Adds one time, in nanoseconds. */
    void add(long taken) {
        nanos.recordValue(taken);
    }

    /** The given percentile (nearest rank), in microseconds. */
    double percentileMicros(double percentage) {
        if (nanos.getTotalCount() == 0) {
            throw new IllegalStateException("no time was measured");
        }
        return Units.micros(nanos.getValueAtPercentile(percentage));
    }
}
