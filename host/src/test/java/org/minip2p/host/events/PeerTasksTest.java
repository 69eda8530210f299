package org.minip2p.host.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTasksTest {
    private final Deque<Runnable> executor = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private int relieved;

    private final PeerTasks tasks = new PeerTasks(executor::add, 4, () -> relieved++);

    @Test
    void runsTheTasksOfOneKeyInOrderAndThoseOfAnotherBesideThem() {
        tasks.execute("a", () -> done.add("a1"));
        tasks.execute("a", () -> done.add("a2"));
        tasks.execute("b", () -> done.add("b1"));

        assertThat(executor).as("one turn a key").hasSize(2);
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
        PeerTasks lost = new PeerTasks(
                task -> {
                    throw new NoClassDefFoundError("as the test wants it");
                },
                1,
                () -> relieved++);

        lost.execute("a", () -> done.add("never"));

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

    private void runAll() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
    }
}
