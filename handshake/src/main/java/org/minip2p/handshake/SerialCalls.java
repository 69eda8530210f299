package org.minip2p.handshake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the application, asked one after the other on its executor. An unanswered question blocks one thread, and those that
 * wait behind it can be withdrawn. Thread-safe.
 */
final class SerialCalls {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /** A question, compared by identity. */
    private static final class Call<T> {
        private final String what;
        private final Supplier<T> supplier;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        Call(String what, Supplier<T> supplier) {
            this.what = what;
            this.supplier = supplier;
        }

        /** Any exception of the application fails only this question. */
        @SuppressWarnings("ThrowableCatch")
        void run() {
            T value;
            try {
                value = supplier.get();
            } catch (Throwable e) {
                LOG.error("the application did not supply {}: the exchange fails", what, e);
                answer.completeExceptionally(new LocalFaultException("the application did not supply " + what, e));
                return;
            }
            answer.complete(value);
        }
    }

    private final Executor executor;
    private final Set<Call<?>> waiting = new LinkedHashSet<>(); // guarded by this
    private boolean isRunning; // guarded by this

    SerialCalls(Executor executor) {
        this.executor = executor;
    }

    /** Asks a question.
     *
     * @param what a description of the question
     * @return the answer, on the application's executor; fails with {@link LocalFaultException}. The caller completes it when it no
     *     longer waits for it
     */
    <T> CompletableFuture<T> call(String what, Supplier<T> supplier) {
        Call<T> call = new Call<>(what, supplier);
        synchronized (this) {
            waiting.add(call);
            if (isRunning) {
                call.answer.whenComplete((value, failure) -> takeBack(call));
                return call.answer;
            }
            isRunning = true;
        }
        try {
            executor.execute(this::run);
        } catch (Throwable e) { // the executor may be the application's
            call.answer.completeExceptionally(
                    new LocalFaultException("the application's executor rejected the task", e));
            stop(call);
        }
        return call.answer;
    }

    private synchronized void stop(Call<?> call) {
        waiting.remove(call);
        isRunning = false;
    }

    private synchronized void takeBack(Call<?> call) {
        waiting.remove(call);
    }

    /** How many questions wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    private void run() {
        for (Call<?> call = next(); call != null; call = next()) {
            call.run();
        }
    }

    private synchronized @Nullable Call<?> next() {
        if (waiting.isEmpty()) {
            isRunning = false;
            return null;
        }
        Call<?> first = waiting.iterator().next();
        waiting.remove(first);
        return first;
    }
}
