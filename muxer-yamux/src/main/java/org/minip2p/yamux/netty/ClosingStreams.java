package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Streams that were closed here and wait for the peer's FIN, in the order of their deadlines: all wait equally long, so
 * one list and one timer are enough, and a stream leaves the list in constant time.
 *
 * <p>Confined to the connection's event loop.
 */
final class ClosingStreams implements Runnable {
    /** The place of one stream. */
    static final class Entry {
        private final Runnable timedOut;
        private boolean isListed;
        private boolean isSending;
        private long deadlineNanos;

        private @Nullable Entry before;
        private @Nullable Entry after;

        /**
         * A place that is not taken yet.
         *
         * @param timedOut run when the deadline has passed; the stream has left the list by then
         */
        Entry(Runnable timedOut) {
            this.timedOut = timedOut;
        }

        /** Accepted writes are still leaving: when the deadline has passed, the stream gets another one. */
        void sending() {
            isSending = true;
        }
    }

    private final Wire wire;
    private final long timeoutNanos;
    private @Nullable Entry first;
    private @Nullable Entry last;
    private @Nullable Future<?> timer;

    ClosingStreams(Wire wire, long timeoutNanos) {
        this.wire = wire;
        this.timeoutNanos = timeoutNanos;
    }

    /** Puts a stream at the end of the list, wherever it was. */
    void add(Entry entry) {
        remove(entry);
        entry.isListed = true;
        entry.isSending = false;
        entry.deadlineNanos = wire.nanoTime() + timeoutNanos;
        entry.before = last;
        if (last == null) {
            first = entry;
        } else {
            last.after = entry;
        }
        last = entry;
        arm();
    }

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
        if (after == null) {
            last = before;
        } else {
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
        for (Entry entry; (entry = first) != null && entry.deadlineNanos - now <= 0; ) {
            if (entry.isSending) {
                add(entry);
            } else {
                remove(entry);
                entry.timedOut.run();
            }
        }
        arm();
    }

    /**
     * One timer for the first deadline. It is not cancelled when that stream leaves early: it then finds nothing to do.
     */
    private void arm() {
        if (timer == null && first != null) {
            long delay = first.deadlineNanos - wire.nanoTime();
            timer = wire.executor().schedule(this, Math.max(0, delay), TimeUnit.NANOSECONDS);
        }
    }
}
