package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The reason why a future failed. Waits a few seconds for the failure. */
final class Failures {
    private Failures() {}

    static Throwable of(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> future.get(10, TimeUnit.SECONDS));
        boolean isWrapped = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        return isWrapped && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
