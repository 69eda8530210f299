package org.minip2p.metrics;

import java.time.Duration;
import java.util.Arrays;

/** The bounds of go-libp2p's histograms, to the nanosecond. */
final class Buckets {
    private static final double NANOS = 1e9;
    private static final int DURATIONS = 25;
    private static final double SHORTEST_DURATION = 1.0 / 16;
    private static final int LATENCIES = 35;
    private static final double SHORTEST_LATENCY = 0.001;
    private static final double LATENCY_FACTOR = 1.3;

    private Buckets() {}

    /** From 1/16 s, each twice the one before, up to 12 days. */
    static Duration[] durations() {
        return exponential(SHORTEST_DURATION, 2, DURATIONS);
    }

    /** From 1 ms, each 1.3 times the one before, up to 7 s. */
    static Duration[] latencies() {
        return exponential(SHORTEST_LATENCY, LATENCY_FACTOR, LATENCIES);
    }

    /** Of dials. */
    static Duration[] dials() {
        return of(0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2);
    }

    private static Duration[] exponential(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return of(bounds);
    }

    private static Duration[] of(double... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(each -> Duration.ofNanos(Math.round(each * NANOS)))
                .toArray(Duration[]::new);
    }
}
