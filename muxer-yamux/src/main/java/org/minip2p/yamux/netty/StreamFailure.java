package org.minip2p.yamux.netty;

import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A premature end of a stream.
 *
 * @param cause the failure of writes
 * @param isOfClose whether closing fails with it: bytes that it should have sent were lost
 */
record StreamFailure(Throwable cause, boolean isOfClose) {
    /**
     * The input is complete, and its last bytes are unread: the reader gets some time for them.
     *
     * @param closed the close of the stream: everything was read
     * @param nanos how long, in nanoseconds
     * @param tooLate runs on the event loop at the time limit, or when the event loop shuts down
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
