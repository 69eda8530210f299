package org.minip2p.attacks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.attacks.Observation.Window;
import org.minip2p.attacks.hostile.Attack;
import org.minip2p.core.testing.ChildProcess;

/** One attack with its three processes: the victim, the honest peer, and the hostile peers. It ends all of them. Not thread-safe. */
final class Battle {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final long WARM_UP_MILLIS = 1_500;
    private static final long WINDOW_MILLIS = 2_500;
    private static final int NEWCOMERS = 5;

    private final Attack attack;
    private final RunOptions options;
    private final AtomicLong memoryErrors = new AtomicLong();

    private Window before = Window.NONE;
    private Window during = Window.NONE;
    private Window after = Window.NONE;
    private Line attacked = new Line(Map.of("blows", 0, "connections", 0, "bytes", 0, "seconds", 0));
    private Line collected = new Line(Map.of("heapBytes", 0, "directBytes", 0));
    private Line figures = new Line(Map.of("heldBytes", 0, "directBytes", 0, "residentBytes", 0, "ends", Map.of()));
    private int newcomersTried;
    private int newcomersServed;
    private boolean isFighting;
    private String hindrance = "";
    private String fall = "";

    private Battle(Attack attack, RunOptions options) {
        this.attack = attack;
        this.options = options;
    }

    /** Runs an attack. */
    static Observation run(Attack attack, RunOptions options) throws IOException, InterruptedException {
        Battle battle = new Battle(attack, options);
        battle.run();
        return battle.observation();
    }

    private void run() throws IOException, InterruptedException {
        try (ChildProcess<Line> victim = victim()) {
            try {
                long port = victim.await("port", line -> line.isEvent("listening"), START)
                        .number("port");
                try (ChildProcess<Line> honest = Processes.honest(port)) {
                    honest.await("start", line -> line.isEvent("ready"), START);
                    fight(victim, honest, port);
                }
            } catch (ChildProcess.Failure e) {
                // If the processes do not even start, the run proves nothing about the victim.
                if (isFighting) {
                    fall = Processes.summary(e) + (victim.handle().isAlive() ? "" : " (the victim is dead)");
                } else {
                    hindrance = Processes.summary(e);
                }
            }
        }
    }

    private void fight(ChildProcess<Line> victim, ChildProcess<Line> honest, long port)
            throws IOException, InterruptedException {
        Thread.sleep(WARM_UP_MILLIS);
        before = window(honest, WINDOW_MILLIS);
        victim.send("begin");
        try (ChildProcess<Line> attacker = Processes.attacker(attack.name(), port, options.secondsOf(attack))) {
            attacker.await("start", line -> line.isEvent("attacking"), START);
            isFighting = true;
            long millis = options.secondsOf(attack) * 1_000L;
            honest.send("begin");
            honest.send("newcomers " + NEWCOMERS + " " + millis / (NEWCOMERS + 1));
            Thread.sleep(Math.max(500, millis - 500));
            during = end(honest);
            victim.send("collect");
            collected = victim.await("collection", line -> line.isEvent("collected"), ANSWER);
            attacked = attacker.await("end", line -> line.isEvent("attacked"), ANSWER);
            Line newcomers = honest.await("newcomers", line -> line.isEvent("newcomers"), ANSWER);
            newcomersTried = (int) newcomers.number("tried");
            newcomersServed = (int) newcomers.number("served");
        }
        Thread.sleep(500);
        after = window(honest, WINDOW_MILLIS);
        victim.send("figures");
        figures = victim.await("figures", line -> line.isEvent("figures"), ANSWER);
    }

    private static Window window(ChildProcess<Line> honest, long millis) throws InterruptedException {
        honest.send("begin");
        Thread.sleep(millis);
        return end(honest);
    }

    private static Window end(ChildProcess<Line> honest) {
        honest.send("end");
        return Window.of(honest.await("window", line -> line.isEvent("window"), ANSWER));
    }

    private ChildProcess<Line> victim() throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("backend=" + options.backend());
        arguments.add("application=" + attack.description().application());
        if (options.lifted()) {
            attack.description().lifted().forEach((key, value) -> arguments.add(key + "=" + value));
        }
        return Processes.victim(
                options.allocator(), attack.description().descriptors(), arguments, memoryErrors::incrementAndGet);
    }

    private Observation observation() {
        return new Observation(
                attacked.number("blows"),
                attacked.number("connections"),
                attacked.number("bytes"),
                attacked.decimal("seconds"),
                hindrance,
                fall,
                memoryErrors.get(),
                figures.number("heldBytes"),
                collected.number("heapBytes"),
                Math.max(figures.number("directBytes"), collected.number("directBytes")),
                figures.number("residentBytes"),
                before,
                during,
                after,
                newcomersTried,
                newcomersServed,
                figures.counts("ends"));
    }
}
