package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.RoundTrip;

/**
 * Pings a peer at intervals, and notices when a ping is not answered and nothing else arrives for a whole interval (YMX-63). Any
 * byte counts as a sign of life, so a busy connection with late pongs is not closed.
 *
 * <p>Confined to the connection's event loop.
 */
final class KeepAlive implements Runnable {
    /** Ends the session. */
    interface Owner {
        /** Nothing arrived; the keep-alive has stopped. */
        void peerSilent();
    }

    private final SessionParts parts;
    private final long intervalNanos;
    private final Owner owner;
    private @Nullable Future<?> timer;

    /**
     * A keep-alive that does nothing yet.
     *
     * @param intervalNanos 0 for never
     */
    KeepAlive(SessionParts parts, long intervalNanos, Owner owner) {
        this.parts = parts;
        this.intervalNanos = intervalNanos;
        this.owner = owner;
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
        if (roundTrip.isOpen()
                && isSilent(roundTrip.sentNanos(), parts.inbound().lastReadNanos())) {
            owner.peerSilent();
            return;
        }
        start();
        parts.turn().begin();
        parts.pings().request();
        parts.turn().end();
    }

    /**
     * A peer may have died after its last bytes following the ping: then no pong arrives, and no other ping is sent because the
     * pong is missing.
     */
    private boolean isSilent(long sentNanos, long readNanos) {
        long now = parts.wire().nanoTime();
        boolean hasComeBehind = readNanos - sentNanos >= 0;
        return hasComeBehind ? now - readNanos > intervalNanos : now - sentNanos >= intervalNanos;
    }
}
