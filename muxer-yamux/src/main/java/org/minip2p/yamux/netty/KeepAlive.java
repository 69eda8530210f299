package org.minip2p.yamux.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.RoundTrip;

/**
 * Pings a peer at intervals, and ends the session when for a whole interval after a ping nothing came (YMX-63). Any byte counts as
 * life, so a busy link whose pongs are late is not killed.
 *
 * <p>Confined to the connection's event loop.
 */
final class KeepAlive implements Runnable {
    private final YamuxHandler handler;
    private final FrameWriter writer;
    private final RoundTrip roundTrip;
    private final EventExecutor executor;
    private final long intervalNanos;
    private @Nullable Future<?> timer;

    KeepAlive(
            YamuxHandler handler, FrameWriter writer, RoundTrip roundTrip, EventExecutor executor, long intervalNanos) {
        this.handler = handler;
        this.writer = writer;
        this.roundTrip = roundTrip;
        this.executor = executor;
        this.intervalNanos = intervalNanos;
    }

    void start() {
        if (intervalNanos > 0) {
            timer = executor.schedule(this, intervalNanos, TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void run() {
        long sent = roundTrip.sentNanos();
        boolean silent = handler.lastInputNanos() - sent < 0;
        if (roundTrip.isOpen() && silent && handler.nanoTime() - sent >= intervalNanos) {
            handler.peerSilent();
            return;
        }
        start();
        writer.pingPending();
        writer.pump();
    }
}
