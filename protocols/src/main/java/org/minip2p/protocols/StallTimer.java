package org.minip2p.protocols;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a stream has made no progress for a while. Recording progress only reads the clock: the timer checks it when it fires.
 * Confined to the event loop.
 */
final class StallTimer {
    private final EventExecutor executor;
    private final long limitNanos;
    private final Runnable stalled;
    private long lastProgressNanos;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * Starts a timer.
     *
     * @param executor the stream's event loop, which also gives the time
     * @param limit how long a stream may make no progress
     * @param stalled called once, on the event loop, when the limit is reached
     */
    StallTimer(EventExecutor executor, Duration limit, Runnable stalled) {
        this.executor = executor;
        this.limitNanos = limit.toNanos();
        this.stalled = stalled;
        progress();
        scheduleIn(limitNanos);
    }

    /** The stream has made progress. */
    void progress() {
        lastProgressNanos = executor.ticker().nanoTime();
    }

    /** Stops the timer. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void scheduleIn(long nanos) {
        timer = executor.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long left = limitNanos - (executor.ticker().nanoTime() - lastProgressNanos);
        if (left > 0) {
            scheduleIn(left);
        } else {
            stalled.run();
        }
    }
}
