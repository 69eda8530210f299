package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a connection's streams, with one timer for all of them, since most streams meet theirs. Adding and removing takes
 * constant time; only when the timer fires are all of them checked.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamDeadlines implements Runnable {
    /** One stream's deadline. */
    abstract static class Entry {
        private boolean isListed;
        private long deadlineNanos;
        private @Nullable Entry before;
        private @Nullable Entry after;

        /** It has passed, and is no longer set. */
        abstract void passed();
    }

    private final Wire wire;
    private @Nullable Entry first;
    private @Nullable Future<?> timer;
    private long timerNanos;

    StreamDeadlines(Wire wire) {
        this.wire = wire;
    }

    /** Sets a deadline, or moves it. */
    void set(Entry entry, long delayNanos) {
        remove(entry);
        entry.deadlineNanos = wire.nanoTime() + delayNanos;
        entry.isListed = true;
        entry.after = first;
        if (first != null) {
            first.before = entry;
        }
        first = entry;
        arm(entry);
    }

    /** Removes a deadline. */
    void remove(Entry entry) {
        if (!entry.isListed) {
            return;
        }
        entry.isListed = false;
        Entry before = entry.before;
        Entry after = entry.after;
        entry.before = null;
        entry.after = null;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
    }

    /** The session has ended. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void run() {
        timer = null;
        long now = wire.nanoTime();
        List<Entry> passed = new ArrayList<>();
        Entry next = null;
        for (Entry entry = first; entry != null; entry = entry.after) {
            if (entry.deadlineNanos - now <= 0) {
                passed.add(entry);
            } else if (next == null || entry.deadlineNanos - next.deadlineNanos < 0) {
                next = entry;
            }
        }
        if (next != null) {
            arm(next);
        }
        passed.forEach(this::remove);
        for (Entry entry : passed) {
            if (!entry.isListed) { // nor set again by what the others have run
                entry.passed();
            }
        }
    }

    /** The timer is not cancelled when a stream leaves early: it then finds nothing to do. */
    private void arm(Entry entry) {
        if (timer != null) {
            if (timerNanos - entry.deadlineNanos <= 0) {
                return;
            }
            timer.cancel(false);
        }
        timerNanos = entry.deadlineNanos;
        long delay = Math.max(0, entry.deadlineNanos - wire.nanoTime());
        timer = wire.executor().schedule(this, delay, TimeUnit.NANOSECONDS);
    }
}
