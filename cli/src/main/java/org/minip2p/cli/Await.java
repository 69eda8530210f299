package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Waits, on the command's own thread, for results of the host's threads. */
final class Await {
    /** A transfer without progress for this long has failed. */
    static final Duration STALL = Duration.ofSeconds(10);

    private static final Duration REFRESH = Duration.ofMillis(100);

    private Await() {}

    /**
     * Waits for a result whose failures already say what was tried.
     *
     * @param limit the longest wait; a later result is cancelled
     */
    static <T> T result(CompletableFuture<T> future, Duration limit)
            throws CommandFailedException, InterruptedException {
        return result("", future, limit);
    }

    /**
     * Waits for a result.
     *
     * @param what what is waited for, as the message of a failure begins
     * @param limit the longest wait; a later result is cancelled
     */
    static <T> T result(String what, CompletableFuture<T> future, Duration limit)
            throws CommandFailedException, InterruptedException {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new CommandFailedException(prefix(what) + "no answer within " + seconds(limit), e);
        } catch (ExecutionException e) {
            throw failed(what, e);
        }
    }

    /**
     * Waits for the end of a transfer as long as it makes progress, and shows the progress.
     *
     * @param what what is waited for, as the message of a failure begins
     * @param doneBytes the bytes transferred so far
     * @param stall how long there may be no progress
     */
    static <T> T transfer(
            String what, CompletableFuture<T> future, LongSupplier doneBytes, Progress progress, Duration stall)
            throws CommandFailedException, InterruptedException {
        long seen = -1;
        long movedNanos = System.nanoTime();
        while (true) {
            try {
                return future.get(REFRESH.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw failed(what, e);
            } catch (TimeoutException e) {
                long done = doneBytes.getAsLong();
                progress.update(done);
                if (done != seen) {
                    seen = done;
                    movedNanos = System.nanoTime();
                } else if (System.nanoTime() - movedNanos > stall.toNanos()) {
                    future.cancel(false);
                    throw new CommandFailedException(
                            what + ": no byte moved for " + seconds(stall) + ", after " + done + " bytes", e);
                }
            }
        }
    }

    private static CommandFailedException failed(String what, ExecutionException failure) {
        Throwable cause = Failures.unwrapped(failure);
        return new CommandFailedException(
                prefix(what) + Failures.text(cause),
                cause instanceof CommandFailedException known ? known.reason() : null,
                cause);
    }

    private static String prefix(String what) {
        return what.isEmpty() ? "" : what + ": ";
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
