package org.minip2p.host;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.minip2p.core.config.Setting;

/** Waits for futures as blocking I/O does: a failure is an {@link IOException}, a wait that is too long or interrupted is one, too. */
final class BlockingCalls {
    private BlockingCalls() {}

    /**
     * Refuses to wait on a thread that would block what it waits for.
     *
     * @throws IllegalStateException on an event loop
     */
    static void refuseEventLoop(boolean inEventLoop) {
        if (inEventLoop) {
            throw new IllegalStateException("a blocking call on an event loop would wait for itself");
        }
    }

    /** Waits for a future and cancels it when it does not come in time. */
    static <T> T await(CompletableFuture<T> future, Duration limit, String what) throws IOException {
        try {
            return future.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(what, e.getCause());
        } catch (TimeoutException e) {
            future.cancel(false);
            throw (InterruptedIOException) new InterruptedIOException(what + ": nothing within " + limit).initCause(e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException(what).initCause(e);
        }
    }

    /** Waits for a future of a channel, on a thread that is not its event loop. */
    static void await(Future<?> future, Duration timeout, String what) throws IOException {
        try {
            if (!future.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)) {
                throw new InterruptedIOException(what + ": not done within " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException(what).initCause(e);
        }
        if (!future.isSuccess()) {
            Throwable cause = future.cause();
            throw cause instanceof IOException known ? known : new IOException(what, cause);
        }
    }

    /** The longest duration means no limit, and zero means not to wait. */
    static Duration withinBounds(Duration timeout) {
        if (timeout.compareTo(Setting.MAX_DURATION) > 0) {
            return Setting.MAX_DURATION;
        }
        return timeout.isNegative() || timeout.isZero() ? Duration.ofNanos(1) : timeout;
    }
}
