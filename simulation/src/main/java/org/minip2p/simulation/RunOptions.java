package org.minip2p.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The options of the command.
 *
 * @param scenario what is not left to the seeds
 * @param seeds the number of seeds to run
 * @param first the first of them
 * @param time the maximum duration; empty for no limit
 * @param untilFailure whether to stop at the first seed that fails
 * @param json whether the result is one JSON object
 * @param trace the file for the trace of the first seed; empty for none
 */
record RunOptions(
        Scenario scenario,
        long seeds,
        long first,
        Optional<Duration> time,
        boolean untilFailure,
        boolean json,
        Optional<Path> trace) {
    static final String USAGE =
            "[--seeds N] [--first SEED] [--minutes T] [--until-failure] [--json] [--hosts N] [--faults NAME,...]\n"
                    + "       simulation/run --seed S [--trace FILE] [--json] [--hosts N] [--faults NAME,...]";
    private static final long SEEDS = 100;

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException when one is unknown, has no value or a bad one; the message says which
     */
    static RunOptions parse(List<String> arguments) {
        Scenario scenario = Scenario.ANY;
        long seeds = SEEDS;
        boolean areSeedsGiven = false;
        long first = 1;
        Optional<Duration> time = Optional.empty();
        boolean untilFailure = false;
        boolean json = false;
        Optional<Path> trace = Optional.empty();
        Iterator<String> left = arguments.iterator();
        while (left.hasNext()) {
            String name = left.next();
            switch (name) {
                case "--seeds" -> {
                    seeds = number(name, left, 1);
                    areSeedsGiven = true;
                }
                case "--first" -> first = number(name, left, Long.MIN_VALUE);
                case "--seed" -> {
                    first = number(name, left, Long.MIN_VALUE);
                    seeds = 1;
                    areSeedsGiven = true;
                }
                case "--minutes" -> time = Optional.of(Duration.ofMinutes(number(name, left, 1)));
                case "--hosts" -> scenario = scenario.withHosts(number(name, left, Long.MIN_VALUE));
                case "--faults" -> scenario = scenario.withFaults(value(name, left));
                case "--until-failure" -> untilFailure = true;
                case "--json" -> json = true;
                case "--trace" -> trace = Optional.of(Path.of(value(name, left)));
                default -> throw new IllegalArgumentException("unknown argument " + name);
            }
        }
        if (trace.isPresent() && seeds != 1) {
            throw new IllegalArgumentException("--trace is of one seed: expected --seed with it");
        }
        // With a time limit alone, as many seeds run as fit.
        return new RunOptions(
                scenario,
                time.isPresent() && !areSeedsGiven ? Long.MAX_VALUE : seeds,
                first,
                time,
                untilFailure,
                json,
                trace);
    }

    private static String value(String name, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new IllegalArgumentException("expected a value behind " + name);
        }
        return left.next();
    }

    private static long number(String name, Iterator<String> left, long least) {
        String text = value(name, left);
        try {
            long number = Long.parseLong(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number behind " + name + ", got " + text, e);
        }
        throw new IllegalArgumentException("expected at least " + least + " behind " + name + ", got " + text);
    }
}
