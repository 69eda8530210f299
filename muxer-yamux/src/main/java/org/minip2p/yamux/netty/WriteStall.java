package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices a connection that is not writable and takes no byte for a time (YMX-77). Small amounts that never leave are noticed by the
 * keep-alive.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteStall implements Runnable {
    private final YamuxHandler handler;
    private final FrameWriter writer;
    private final Channel connection;
    private final EventExecutor executor;
    private final long timeoutNanos;
    private @Nullable Future<?> timer;
    private long progressBefore;
    private long bytesBefore;

    WriteStall(
            YamuxHandler handler, FrameWriter writer, Channel connection, EventExecutor executor, long timeoutNanos) {
        this.handler = handler;
        this.writer = writer;
        this.connection = connection;
        this.executor = executor;
        this.timeoutNanos = timeoutNanos;
    }

    /** The connection is not writable now. */
    void watch() {
        if (timer == null) {
            progressBefore = writer.progress();
            bytesBefore = connection.bytesBeforeWritable();
            timer = executor.schedule(this, timeoutNanos, TimeUnit.NANOSECONDS);
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
        if (connection.isWritable()) {
            return; // and not armed again: a busy connection costs one timer in each period, not one for each change
        }
        if (writer.progress() == progressBefore && connection.bytesBeforeWritable() >= bytesBefore) {
            handler.stalled();
        } else {
            watch();
        }
    }
}
