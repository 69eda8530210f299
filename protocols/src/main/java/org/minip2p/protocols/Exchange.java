package org.minip2p.protocols;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;

/**
 * Ties a stream to the result of the exchange on it: the result fails when the stream cannot be opened or the deadline passes, and
 * when the result fails, for whatever reason, the stream is reset. So a handler only has to complete the result, and a caller may
 * cancel it.
 */
final class Exchange {
    private Exchange() {}

    /**
     * Opens a stream for an exchange.
     *
     * @param handler installs what completes the result
     * @param deadline for everything, the opening included
     */
    static void open(
            Connection connection,
            ProtocolId protocol,
            StreamHandler handler,
            Duration deadline,
            CompletableFuture<?> result) {
        CompletableFuture<ProtocolStream> opening = connection.openStream(protocol, handler);
        resetOnFailure(opening, result);
        failAfter(connection.eventLoop(), protocol, deadline, result);
    }

    /** As {@link #open}, for a stream that the peer has opened. */
    static void limit(ProtocolStream stream, Duration deadline, CompletableFuture<?> result) {
        resetOnFailure(CompletableFuture.completedFuture(stream), result);
        failAfter(stream.channel().eventLoop(), stream.protocol(), deadline, result);
    }

    /** Makes the result fail with the opening, and a failed result end the stream, opened or not. */
    static void resetOnFailure(CompletableFuture<ProtocolStream> opening, CompletableFuture<?> result) {
        opening.whenComplete((stream, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((value, failure) -> {
            if (failure != null && !opening.cancel(false)) {
                opening.thenAccept(ProtocolStream::reset);
            }
        });
    }

    /** Makes the result fail when it is not there by the deadline. */
    static void failAfter(EventExecutor timers, ProtocolId protocol, Duration deadline, CompletableFuture<?> result) {
        if (result.isDone()) {
            return;
        }
        ScheduledFuture<?> timer = timers.schedule(
                () -> result.completeExceptionally(new ProtocolTimeoutException(protocol, deadline)),
                deadline.toNanos(),
                TimeUnit.NANOSECONDS);
        result.whenComplete((value, failure) -> timer.cancel(false));
    }
}
