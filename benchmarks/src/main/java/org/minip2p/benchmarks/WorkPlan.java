package org.minip2p.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the dialing end does: it warms up, then works in rounds.
 *
 * @param warmUp the length of the warm-up, in seconds
 * @param rounds the number of rounds, at least one
 * @param seconds the length of a round in seconds, at least one
 */
record WorkPlan(WorkKind kind, int warmUp, int rounds, int seconds) {
    /** Longer than starting and ending take. */
    private static final Duration AROUND = Duration.ofSeconds(30);

    WorkPlan {
        if (warmUp < 0 || rounds < 1 || seconds < 1) {
            throw new IllegalArgumentException("--rounds and --seconds are at least 1, --warm-up is at least 0");
        }
    }

    /** Parses the result of {@link #arguments}; missing options have the same defaults as for the peers. */
    static WorkPlan parse(List<String> arguments) {
        String kind = "";
        int warmUp = 5;
        int rounds = 5;
        int seconds = 2;
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = arguments.get(i + 1);
            switch (option) {
                case "--kind" -> kind = value;
                case "--warm-up" -> warmUp = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--timeout" -> {} // the process that started this one enforces it
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new WorkPlan(WorkKind.of(kind), warmUp, rounds, seconds);
    }

    /** The options of a peer, and of {@link WorkNode}. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--kind", kind.key()));
        arguments.addAll(List.of("--warm-up", Integer.toString(warmUp)));
        arguments.addAll(List.of("--rounds", Integer.toString(rounds)));
        arguments.addAll(List.of("--seconds", Integer.toString(seconds)));
        arguments.addAll(List.of("--timeout", Long.toString(limit().toSeconds())));
        return arguments;
    }

    /** Longer than all of it takes. */
    Duration limit() {
        return AROUND.plusSeconds(warmUp + (long) rounds * seconds);
    }
}
