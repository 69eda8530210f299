package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices a connection that is not writable and takes next to nothing for a time (YMX-77): a peer that reads a byte now and then
 * holds as much as one that reads none. Small amounts that never leave are noticed by the keep-alive.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteStall implements Runnable {
    /** What has to leave in the time, in bytes: the slowest link carries a hundred times as much in ten seconds. */
    static final long LEAST_BYTES = 256;

    /** Who ends the session. */
    interface Owner {
        /** The connection has taken fewer bytes than that in the time. */
        void stalled();
    }

    private final Wire wire;
    private final long timeoutNanos;
    private final Owner owner;
    private @Nullable Future<?> timer;
    private long takenBefore;
    private long waitingBefore;

    /** Watches nothing yet. */
    WriteStall(Wire wire, long timeoutNanos, Owner owner) {
        this.wire = wire;
        this.timeoutNanos = timeoutNanos;
        this.owner = owner;
    }

    /** The connection is not writable now. */
    void watch() {
        if (timer == null) {
            takenBefore = wire.takenBytes();
            waitingBefore = wire.channel().bytesBeforeWritable();
            timer = wire.executor().schedule(this, timeoutNanos, TimeUnit.NANOSECONDS);
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
        timer = null;
        Channel connection = wire.channel();
        if (connection.isWritable()) {
            return; // and not armed again: a busy connection costs one timer in each period, not one for each change
        }
        long taken =
                wire.takenBytes() - takenBefore; // whole writes; of the others what now waits less in the connection
        long lessWaits = Math.max(0, waitingBefore - connection.bytesBeforeWritable());
        if (taken + lessWaits < LEAST_BYTES) {
            owner.stalled();
        } else {
            watch();
        }
    }
}
