package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Calls of the application's code, on an executor that the test drives. */
class SerialCallsTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final SerialCalls calls = new SerialCalls(tasks::add);

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void asksInOrderInOneTask() {
        List<String> asked = new ArrayList<>();
        CompletableFuture<Boolean> first = calls.call("one", () -> asked.add("one"));
        CompletableFuture<Boolean> second = calls.call("two", () -> asked.add("two"));
        assertThat(tasks).hasSize(1);
        assertThat(first).isNotDone();

        runAll();

        assertThat(asked).containsExactly("one", "two");
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
    }

    @Test
    void asksAgainAfterEverythingWasAnswered() {
        var unused = calls.call("one", () -> 1);
        runAll();

        CompletableFuture<Integer> second = calls.call("two", () -> 2);
        runAll();

        assertThat(second).isCompletedWithValue(2);
    }

    @Test
    void failsTheOneQuestionWhateverTheApplicationThrows() {
        for (Throwable thrown : List.of(
                new IllegalStateException("not known yet"), new NoClassDefFoundError("a"), new Exception("sneaky"))) {
            CompletableFuture<Object> failing = calls.call("our own node info", () -> sneaky(thrown));
            CompletableFuture<Integer> next = calls.call("two", () -> 2);
            runAll();

            assertThatThrownBy(failing::join)
                    .hasCauseInstanceOf(LocalFaultException.class)
                    .hasRootCause(thrown)
                    .hasMessageContaining("our own node info");
            assertThat(next).isCompletedWithValue(2);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Throwable> T sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void doesNotAskWhatWasTakenBack() {
        AtomicInteger asked = new AtomicInteger();
        Supplier<Integer> counting = asked::incrementAndGet;
        var unused = calls.call("one", () -> 1);
        for (int i = 0; i < 100_000; i++) {
            calls.call("more", counting).cancel(false);
        }

        assertThat(calls.waiting()).isEqualTo(1);
        runAll();
        assertThat(asked).hasValue(0);
    }

    @Test
    void failsWhenTheExecutorTakesNoTaskAndTriesAgainTheNextTime() {
        AtomicInteger refused = new AtomicInteger();
        SerialCalls refusing = new SerialCalls(task -> {
            if (refused.getAndIncrement() == 0) {
                throw new RejectedExecutionException("closed");
            }
            task.run();
        });

        CompletableFuture<Integer> first = refusing.call("one", () -> 1);

        assertThatThrownBy(first::join).hasCauseInstanceOf(LocalFaultException.class);
        assertThat(refusing.waiting()).isZero();
        assertThat(refusing.call("two", () -> 2)).isCompletedWithValue(2);
    }
}
