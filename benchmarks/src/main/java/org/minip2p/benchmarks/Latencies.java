package org.minip2p.benchmarks;

import java.util.Arrays;

/** Times, to ask for percentiles of. Not thread-safe. */
final class Latencies {
    private final long[] nanos;
    private int count;

    Latencies(int most) {
        nanos = new long[most];
    }

    /** Takes one; whether there is room for more. */
    boolean add(long taken) {
        nanos[count++] = taken;
        return count < nanos.length;
    }

    int count() {
        return count;
    }

    /**
     * The time that this share of all does not exceed, in µs.
     *
     * @param share such as 0.99
     */
    double micros(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1L, (long) (share * count))] / 1_000.0;
    }
}
