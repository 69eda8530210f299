package org.minip2p.yamux;

/**
 * Counts events and says when there are more than a number of them within a time. Confined to the connection's event
 * loop.
 */
final class RateLimit {
    private final int max;
    private final long windowNanos;
    private long windowStartNanos;
    private int count;

    /**
     * Creates an unused limit.
     *
     * @param max the most events within one window
     * @param windowNanos the window, in nanoseconds
     */
    RateLimit(int max, long windowNanos) {
        this.max = max;
        this.windowNanos = windowNanos;
    }

    /**
     * Counts one event.
     *
     * @return whether it is within the limit
     */
    boolean tryCount(long nowNanos) {
        if (count == 0 || nowNanos - windowStartNanos >= windowNanos) {
            windowStartNanos = nowNanos;
            count = 0;
        }
        return ++count <= max;
    }

    /** Uncounts one event of this window. */
    void giveBack() {
        if (count > 0) {
            count--;
        }
    }
}
