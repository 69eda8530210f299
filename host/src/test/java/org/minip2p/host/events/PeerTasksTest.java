package org.minip2p.host.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class PeerTasksTest {
    private final Deque<Runnable> executor = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final List<Object> detached = new ArrayList<>();
    private final List<Object> reattached = new ArrayList<>();
    private int relieved;
    private long now;
    private long account;

    private final PeerTasks tasks = tasks(executor::add, 4);

    private PeerTasks tasks(Executor on, int congestedAt) {
        EventBounds bounds = new EventBounds(congestedAt, 3, 1000, 300, Duration.ofNanos(30));
        return new PeerTasks(on, bounds, bytes -> account += bytes, () -> now, new PeerTasks.Observer() {
            @Override
            public void relieved() {
                relieved++;
            }

            @Override
            public void detached(Object key) {
                detached.add(key);
            }

            @Override
            public void reattached(Object key) {
                reattached.add(key);
            }
        });
    }

    @Test
    void runsTheTasksOfOneKeyInOrderAndThoseOfAnotherBesideThem() {
        tasks.execute("a", () -> done.add("a1"));
        tasks.execute("a", () -> done.add("a2"));
        tasks.execute("b", () -> done.add("b1"));

        assertThat(executor).as("tasks of the executor: one for each key").hasSize(2);
        runAll();

        assertThat(done).containsExactly("a1", "a2", "b1");
    }

    @Test
    void goesOnAfterATaskThatFails() {
        tasks.execute("a", () -> {
            throw new IllegalStateException("as the test wants it");
        });
        tasks.execute("a", () -> done.add("after"));

        runAll();

        assertThat(done).containsExactly("after");
    }

    @Test
    void countsATaskAsDoneWhateverItThrows() {
        for (int i = 0; i < 4; i++) {
            tasks.execute("key" + i, () -> {
                throw new NoClassDefFoundError("as the test wants it");
            });
        }
        tasks.execute("key0", () -> done.add("after"));

        runAll();

        assertThat(done).containsExactly("after");
        assertThat(tasks.isCongested()).isFalse();
        assertThat(relieved).isEqualTo(1);
    }

    @Test
    void forgetsTheTasksOfAnExecutorThatTakesNoneWhateverItThrows() {
        PeerTasks lost = tasks(
                task -> {
                    throw new NoClassDefFoundError("as the test wants it");
                },
                1);

        lost.execute("a", 100, () -> done.add("never"));

        assertThat(account).isZero();
        assertThat(lost.isCongested()).isFalse();
        assertThat(relieved).isEqualTo(1);
        assertThat(done).isEmpty();
    }

    @Test
    void isCongestedUntilHalfOfTheTasksAreGone() {
        for (int i = 0; i < 4; i++) {
            tasks.execute("key" + i, () -> done.add("done"));
        }
        assertThat(tasks.isCongested()).isTrue();

        executor.remove().run();
        assertThat(relieved).isZero();
        executor.remove().run();

        assertThat(relieved).isEqualTo(1);
        assertThat(tasks.isCongested()).isFalse();
    }

    // SEC-H3
    @Test
    void countsWhatWaitsForEachKeyInTasksAndInBytes() {
        for (int i = 0; i < 3; i++) {
            assertThat(tasks.isBehind("a")).isFalse();
            tasks.execute("a", () -> done.add("done"));
        }
        tasks.execute("b", 299, () -> done.add("done"));
        assertThat(tasks.isBehind("b")).isFalse();
        tasks.execute("b", 1, () -> done.add("done"));

        assertThat(tasks.isBehind("a")).isTrue();
        assertThat(tasks.isBehind("b")).isTrue();
        assertThat(tasks.isBehind("c")).isFalse();
        assertThat(account).isEqualTo(300);
        runAll();

        assertThat(tasks.isBehind("a")).isFalse();
        assertThat(tasks.isBehind("b")).isFalse();
        assertThat(account).isZero();
    }

    // SEC-H3
    @Test
    void countsTheBytesOfAllKeysTogether() {
        PeerTasks many = tasks(executor::add, 1000);
        for (int i = 0; i < 10; i++) {
            assertThat(many.isCongested()).isFalse();
            many.execute("key" + i, 100, () -> {});
        }

        assertThat(many.isCongested()).isTrue();
        assertThat(many.isBehind("another")).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(relieved).isZero();
            executor.remove().run();
        }
        assertThat(relieved).isEqualTo(1);
        assertThat(many.isBehind("another")).isFalse();
        runAll();
        assertThat(account).isZero();
    }

    // SEC-H26
    @Test
    void detachesTheQueueOfATaskThatDoesNotReturnAndGoesOnWithItWhenItHas() {
        tasks.execute("stuck", 10, () -> {
            now += 29;
            tasks.detachOverdue();
            assertThat(detached).isEmpty();
            tasks.execute("stuck", 20, () -> done.add("2"));
            tasks.execute("a", () -> done.add("a"));
            tasks.execute("b", () -> done.add("b"));
            assertThat(tasks.isCongested()).isTrue();

            now += 1;
            tasks.detachOverdue();
            tasks.detachOverdue();

            assertThat(detached).containsExactly("stuck");
            assertThat(relieved).as("tasks behind the stuck one do not count").isEqualTo(1);
            assertThat(tasks.isCongested()).isFalse();
            assertThat(tasks.isBehind("stuck")).isTrue();
            assertThat(account).as("bytes of the stuck key, which stay").isEqualTo(30);
            for (int i = 3; i <= 9; i++) {
                String task = String.valueOf(i);
                tasks.execute("stuck", 1, () -> done.add(task));
            }
            assertThat(account).as("bytes, when at most three tasks wait").isEqualTo(32);
            done.add("1");
        });

        runAll();

        assertThat(done).containsExactly("1", "2", "3", "4", "a", "b");
        assertThat(reattached).containsExactly("stuck");
        assertThat(tasks.isBehind("stuck")).isFalse();
        assertThat(tasks.isIdle()).isTrue();
        assertThat(account).isZero();
        for (int i = 0; i < 4; i++) {
            assertThat(tasks.isCongested()).as("something is counted twice").isFalse();
            tasks.execute("key" + i, () -> {});
        }
        assertThat(tasks.isCongested()).isTrue();
        runAll();
    }

    private void runAll() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
    }
}
