package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Detects a connection that is not writable and accepts almost nothing for a time (YMX-77): a peer that reads a byte now and
 * then holds as much memory as one that reads none. The keep-alive detects small amounts that never leave.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteStall implements Runnable {
    /** How many bytes must leave in the time: the slowest link carries a hundred times as much in ten seconds. */
    static final long LEAST_BYTES = 256;

    /** Ends the session. */
    interface Owner {
        /** The connection has accepted fewer bytes in the time. */
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
