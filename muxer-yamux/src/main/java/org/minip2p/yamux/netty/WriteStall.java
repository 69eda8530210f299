package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices a connection that is not writable and takes no byte for a time (YMX-77). Small amounts that never leave are
 * noticed by the keep-alive.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteStall implements Runnable {
    private final Wire wire;
    private final long timeoutNanos;
    private final Runnable stalled;
    private @Nullable Future<?> timer;
    private long progressBefore;
    private long bytesBefore;

    /**
     * Watches nothing yet.
     *
     * @param stalled run when the connection has taken no byte for the time
     */
    WriteStall(Wire wire, long timeoutNanos, Runnable stalled) {
        this.wire = wire;
        this.timeoutNanos = timeoutNanos;
        this.stalled = stalled;
    }

    /** The connection is not writable now. */
    void watch() {
        if (timer == null) {
            progressBefore = wire.progress();
            bytesBefore = wire.channel().bytesBeforeWritable();
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
        if (wire.progress() == progressBefore && connection.bytesBeforeWritable() >= bytesBefore) {
            stalled.run();
        } else {
            watch();
        }
    }
}
