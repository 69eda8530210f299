package org.minip2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The order in which the world runs tasks and timers, and what it reports when they never end. */
class WorldTest {
    private static final long SECOND = 1_000_000_000L;

    private final World world = new World(1, null);
    private final Loop outside = Loop.outside(world);

    @Test
    void saysWhatEverybodyWaitsForWhenNobodyGetsAnywhere() {
        Loop busy = loop("busy");
        busy.execute(new Runnable() {
            @Override
            public void run() {
                busy.execute(this);
            }
        });
        loop("patient").schedule(() -> {}, 1, TimeUnit.HOURS);
        Pool pool = new Pool(world, "stuck", 1);
        pool.block(1);
        pool.execute(() -> {});
        pool.execute(() -> {});
        world.after(2 * SECOND, () -> {});
        world.limit(1_000);

        assertThatThrownBy(() -> world.run(SECOND))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no end after 1000 steps; still to do:")
                .hasMessageContaining("busy: 1 tasks")
                .hasMessageContaining("patient: a timer that is due in 3600000 ms")
                .hasMessageContaining("stuck: 1 tasks, and hangs in 1")
                .hasMessageContaining("the network: 1 happenings");
    }

    /** For example, a loop with a timer that always re-arms itself without a delay. */
    @Test
    void aTimerThatIsAlwaysDueIsNoProgressEither() {
        Loop busy = loop("busy");
        busy.schedule(
                new Runnable() {
                    @Override
                    public void run() {
                        busy.schedule(this, 0, TimeUnit.NANOSECONDS);
                    }
                },
                0,
                TimeUnit.NANOSECONDS);
        world.limit(1_000);

        assertThatThrownBy(() -> world.run(SECOND)).hasMessageContaining("no end after 1000 steps");
    }

    @Test
    void whoIsSuspendedRunsWhenItIsResumed() {
        List<String> ran = new ArrayList<>();
        Loop suspended = loop("suspended");
        suspended.execute(() -> ran.add("suspended"));
        world.suspend(suspended);
        world.run(SECOND);
        assertThat(ran).isEmpty();

        world.resume(suspended);
        world.run(SECOND);

        assertThat(ran).containsExactly("suspended");
    }

    private Loop loop(String name) {
        return new Loop(world, name, new HostClock(world), outside);
    }
}
