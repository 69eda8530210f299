package org.minip2p.host.connections;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.CloseCause;
import org.minip2p.host.streams.Uses;

/**
 * Closes a socket that has not been used for a while, or for a shorter while when there is another connection to the same peer. There
 * is at most one timer. Confined to the event loop.
 */
final class IdleTimer implements Runnable {
    private static final long SHORTEST_NANOS = 1_000_000;

    private final MuxedSocket socket;
    private @Nullable ScheduledFuture<?> timer;
    private boolean superseded;
    private boolean stopped;

    IdleTimer(MuxedSocket socket) {
        this.socket = socket;
    }

    /** There is another connection to the same peer. */
    void supersede() {
        superseded = true;
        run();
    }

    /** Closes the socket if its time is over; otherwise checks again at that time. */
    @Override
    public void run() {
        if (stopped || (limit().isZero() && !superseded)) {
            return;
        }
        Uses uses = socket.uses();
        long left = limit().toNanos();
        if (uses.isUnused()) {
            left -= uses.unusedNanos();
            CloseCause.Reason reason = superseded ? CloseCause.Reason.SUPERSEDED : CloseCause.Reason.IDLE;
            if (left <= 0 && socket.closeIfUnused(CloseCause.of(reason))) {
                return;
            }
        }
        cancel();
        timer = socket.eventLoop().schedule(this, Math.max(left, SHORTEST_NANOS), TimeUnit.NANOSECONDS);
    }

    /** Not zero by default when superseded: either end may be about to use it. */
    private Duration limit() {
        Duration idle = socket.timeouts().idle();
        Duration shorter = socket.timeouts().superseded();
        return superseded && (idle.isZero() || idle.compareTo(shorter) > 0) ? shorter : idle;
    }

    /** The socket has ended. */
    void stop() {
        stopped = true;
        cancel();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
