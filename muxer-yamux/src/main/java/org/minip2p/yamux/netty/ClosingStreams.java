package org.minip2p.yamux.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Streams that were closed here and wait for the peer's FIN, in the order of their deadlines: all wait equally long, so one list and
 * one timer are enough, and a stream leaves the list in constant time.
 *
 * <p>Confined to the connection's event loop.
 */
final class ClosingStreams implements Runnable {
    private final EventExecutor executor;
    private final long timeoutNanos;
    private @Nullable YamuxStreamChannel first;
    private @Nullable YamuxStreamChannel last;
    private @Nullable Future<?> timer;

    ClosingStreams(EventExecutor executor, long timeoutNanos) {
        this.executor = executor;
        this.timeoutNanos = timeoutNanos;
    }

    void add(YamuxStreamChannel stream) {
        stream.closing = true;
        stream.closeDeadlineNanos = executor.ticker().nanoTime() + timeoutNanos;
        stream.closingBefore = last;
        if (last == null) {
            first = stream;
        } else {
            last.closingAfter = stream;
        }
        last = stream;
        arm();
    }

    void remove(YamuxStreamChannel stream) {
        if (!stream.closing) {
            return;
        }
        stream.closing = false;
        YamuxStreamChannel before = stream.closingBefore;
        YamuxStreamChannel after = stream.closingAfter;
        stream.closingBefore = null;
        stream.closingAfter = null;
        if (before == null) {
            first = after;
        } else {
            before.closingAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.closingBefore = before;
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
        long now = executor.ticker().nanoTime();
        for (YamuxStreamChannel stream; (stream = first) != null && stream.closeDeadlineNanos - now <= 0; ) {
            remove(stream);
            stream.closeTimedOut();
        }
        arm();
    }

    /** One timer for the first deadline. It is not cancelled when that stream leaves early: it then finds nothing to do. */
    private void arm() {
        if (timer == null && first != null) {
            long delay = first.closeDeadlineNanos - executor.ticker().nanoTime();
            timer = executor.schedule(this, Math.max(0, delay), TimeUnit.NANOSECONDS);
        }
    }
}
