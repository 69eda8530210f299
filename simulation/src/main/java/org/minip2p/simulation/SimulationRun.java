package org.minip2p.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command {@code simulation/run}: runs seeds one after the other, and reports which of them failed. */
public final class SimulationRun {
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 2;
    private static final double NANOS_PER_HOUR = 3.6e12;

    /** How often a long run reports its progress on stderr. */
    private static final Duration PROGRESS = Duration.ofSeconds(30);

    private final RunOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;
    private final List<Long> failed = new ArrayList<>();
    private long seeds;
    private long simulatedNanos;
    private long connections;
    private long faults;
    private long steps;

    private SimulationRun(RunOptions options, PrintStream out, PrintStream err, InstantSource clock) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /** Runs the command; the exit code is 0 when no seed failed, 1 when one failed, and 2 for wrong arguments. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err, InstantSource.system()));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err, InstantSource clock) {
        RunOptions options;
        try {
            options = RunOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("simulation/run: " + e.getMessage());
            err.println("usage: simulation/run " + RunOptions.USAGE);
            return NOT_UNDERSTOOD;
        }
        try {
            return new SimulationRun(options, out, err, clock).runAll();
        } catch (IOException | UncheckedIOException e) {
            err.println("simulation/run: cannot write the trace: " + e.getMessage());
            return NOT_UNDERSTOOD;
        }
    }

    private int runAll() throws IOException {
        Instant began = clock.instant();
        Instant end = options.time().map(began::plus).orElse(Instant.MAX);
        Instant told = began;
        for (long seed = options.first(); seeds < options.seeds(); seed++) {
            Instant now = clock.instant();
            if (!now.isBefore(end)) {
                break;
            }
            if (Duration.between(told, now).compareTo(PROGRESS) >= 0) {
                tellProgress(Duration.between(began, now));
                told = now;
            }
            add(runOne(seed));
            if (options.untilFailure() && !failed.isEmpty()) {
                break;
            }
        }
        double seconds = Math.max(1, Duration.between(began, clock.instant()).toMillis()) / 1_000.0;
        tell(Math.round(steps / seconds));
        return failed.isEmpty() ? 0 : FAILED;
    }

    private Outcome runOne(long seed) throws IOException {
        if (options.trace().isEmpty()) {
            return new Simulation(seed, options.scenario(), null).run();
        }
        try (PrintWriter lines =
                new PrintWriter(Files.newBufferedWriter(options.trace().get()))) {
            return new Simulation(seed, options.scenario(), lines::println).run();
        }
    }

    private void add(Outcome outcome) {
        seeds++;
        simulatedNanos += outcome.simulatedNanos();
        connections += outcome.connections();
        faults += outcome.injected();
        steps += outcome.steps();
        if (!outcome.faults().isEmpty()) {
            failed.add(outcome.seed());
            err.println("seed " + outcome.seed() + " failed after " + outcome.steps() + " steps. Its last lines:");
            err.println(outcome.tail());
            outcome.faults().forEach(each -> err.println("FAULT " + each));
            err.println("again: simulation/run --seed " + outcome.seed() + " --trace FILE");
        }
    }

    private void tellProgress(Duration time) {
        String all = options.seeds() == Long.MAX_VALUE ? "" : " of " + options.seeds();
        err.printf(
                "%d%s seeds in %d s: %.2f simulated hours, %d connections, %d faults, failed: %s%n",
                seeds, all, time.toSeconds(), simulatedNanos / NANOS_PER_HOUR, connections, faults, failed);
    }

    private void tell(long stepsPerSecond) {
        double hours = simulatedNanos / NANOS_PER_HOUR;
        if (options.json()) {
            out.printf(
                    "{\"seeds\":%d,\"simulatedHours\":%.2f,\"connections\":%d,\"faults\":%d,\"stepsPerSecond\":%d,\"failed\":[%s]}%n",
                    seeds,
                    hours,
                    connections,
                    faults,
                    stepsPerSecond,
                    failed.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else {
            out.printf(
                    "%d seeds, %.2f simulated hours, %d connections, %d faults, %d steps/s, failed: %s%n",
                    seeds, hours, connections, faults, stepsPerSecond, failed);
        }
    }
}
