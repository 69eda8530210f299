package org.minip2p.yamux.netty;

import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What has ended a stream before its time.
 *
 * @param cause what writes fail with
 * @param isOfClose whether closing fails with it: bytes that it should have sent were lost
 */
record StreamFailure(Throwable cause, boolean isOfClose) {
    /**
     * The input is complete, and its last bytes are unread: they are left to the reader for a while.
     *
     * @param closed of the stream: all was read
     * @param nanos how long, in nanoseconds
     * @param tooLate run on the event loop when nobody has read, or can: the event loop is being shut down
     */
    void waitForReader(ChannelFuture closed, long nanos, Runnable tooLate) {
        ScheduledFuture<?> patience = closed.channel().eventLoop().schedule(tooLate, nanos, TimeUnit.NANOSECONDS);
        patience.addListener(done -> {
            if (done.isCancelled()) {
                tooLate.run();
            }
        });
        closed.addListener(done -> patience.cancel(false));
    }
}
