package org.minip2p.host.streams;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;

/**
 * Counts the uses of a connection, its streams and its leases, and has its closing state, in one atomic. Taking a use and closing
 * as unused both use compare-and-set, so only one of them can win. Thread-safe.
 */
public final class Uses {
    /** The sign bit, next to the count. */
    private static final int CLOSING = Integer.MIN_VALUE;

    private static final AtomicIntegerFieldUpdater<Uses> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Uses.class, "state");

    private final LongSupplier nanoTime;
    private volatile int state;
    private volatile long unusedSinceNanos;

    /**
     * Unused from now on.
     *
     * @param nanoTime the clock, in nanoseconds
     */
    public Uses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.unusedSinceNanos = nanoTime.getAsLong();
    }

    /** Takes a use, unless the connection is closing. */
    public boolean tryTake() {
        int seen = state;
        while (seen >= 0) {
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
            seen = state;
        }
        return false;
    }

    /** Releases a use. */
    public void release() {
        unusedSinceNanos = nanoTime.getAsLong();
        STATE.decrementAndGet(this);
    }

    /** Starts closing, with any uses; false when it is already closing. */
    public boolean startClosing() {
        return STATE.getAndUpdate(this, seen -> seen | CLOSING) >= 0;
    }

    /** Starts closing if it is unused; false when it is in use or already closing. */
    public boolean startClosingIfUnused() {
        return STATE.compareAndSet(this, 0, CLOSING);
    }

    /** Resets the unused time. */
    public void restartClock() {
        unusedSinceNanos = nanoTime.getAsLong();
    }

    /** Whether it is closing, so that no use can be taken. */
    public boolean isClosing() {
        return state < 0;
    }

    /** Whether nothing uses it. */
    public boolean isUnused() {
        return state == 0;
    }

    /** When the last use ended, by its clock; valid only while it is unused. */
    public long unusedSinceNanos() {
        return unusedSinceNanos;
    }

    /** How long it has been unused. */
    public long unusedNanos() {
        return nanoTime.getAsLong() - unusedSinceNanos;
    }
}
