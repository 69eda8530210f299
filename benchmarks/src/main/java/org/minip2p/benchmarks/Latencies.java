package org.minip2p.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Measured times and their percentiles, exact to a thousandth. Adding one allocates nothing. Not thread-safe. */
final class Latencies {
    private static final int DIGITS = 3;

    /** Longer than any wait for one measurement. */
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Histogram nanos = new Histogram(MAX_NANOS, DIGITS);

    /** Adds one time, in nanoseconds. */
    void add(long taken) {
        nanos.recordValue(taken);
    }

    /** The number of measured times. */
    long count() {
        return nanos.getTotalCount();
    }

    /** The given percentile (nearest rank), in microseconds. */
    double percentileMicros(double percentage) {
        return nanos.getValueAtPercentile(percentage) / 1_000.0;
    }
}
