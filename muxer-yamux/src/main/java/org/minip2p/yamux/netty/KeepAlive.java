package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.RoundTrip;

/**
 * Pings a peer at intervals, and notices when for a whole interval after a ping nothing came (YMX-63). Any byte counts
 * as life, so a busy connection whose pongs are late is not killed.
 *
 * <p>Confined to the connection's event loop.
 */
final class KeepAlive implements Runnable {
    private final SessionParts parts;
    private final long intervalNanos;
    private final Runnable silent;
    private @Nullable Future<?> timer;

    /**
     * A keep-alive that does nothing yet.
     *
     * @param intervalNanos 0 for never
     * @param silent run when nothing came; the keep-alive has stopped by then
     */
    KeepAlive(SessionParts parts, long intervalNanos, Runnable silent) {
        this.parts = parts;
        this.intervalNanos = intervalNanos;
        this.silent = silent;
    }

    void start() {
        if (intervalNanos > 0) {
            timer = parts.wire().executor().schedule(this, intervalNanos, TimeUnit.NANOSECONDS);
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
        RoundTrip roundTrip = parts.session().roundTrip();
        long sent = roundTrip.sentNanos();
        boolean isSilent = parts.inbound().lastReadNanos() - sent < 0;
        if (roundTrip.isOpen() && isSilent && parts.wire().nanoTime() - sent >= intervalNanos) {
            silent.run();
            return;
        }
        start();
        parts.turn().begin();
        parts.pings().request();
        parts.turn().end();
    }
}
