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
     * A limit that nothing has used yet.
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

    /** One event of this window does not count after all. */
    void giveBack() {
        if (count > 0) {
            count--;
        }
    }
}
