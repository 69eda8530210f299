package org.minip2p.host.streams;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;

/**
 * What keeps a connection in use: its streams and its leases, and whether it is closing, in one atomic. Whoever wants to use it and
 * whoever wants to close it as unused decide by compare-and-set, so both cannot win. Thread-safe.
 */
public final class Uses {
    /** The sign bit, beside the count. */
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

    /** One more use, unless the connection is closing. */
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

    /** One less. */
    public void release() {
        unusedSinceNanos = nanoTime.getAsLong();
        STATE.decrementAndGet(this);
    }

    /** Closing from now on, whatever the uses are; false when it was already. */
    public boolean startClosing() {
        return STATE.getAndUpdate(this, seen -> seen | CLOSING) >= 0;
    }

    /** Closing from now on if nothing uses it; false when something does or it was closing already. */
    public boolean startClosingIfUnused() {
        return STATE.compareAndSet(this, 0, CLOSING);
    }

    /** Whatever was before does not count as unused time. */
    public void restartClock() {
        unusedSinceNanos = nanoTime.getAsLong();
    }

    /** Whether nothing may use it any more. */
    public boolean isClosing() {
        return state < 0;
    }

    /** Whether nothing uses it. */
    public boolean isUnused() {
        return state == 0;
    }

    /** When the last use ended, by its clock; means something only while there is none. */
    public long unusedSinceNanos() {
        return unusedSinceNanos;
    }

    /** How long ago that was. */
    public long unusedNanos() {
        return nanoTime.getAsLong() - unusedSinceNanos;
    }
}
