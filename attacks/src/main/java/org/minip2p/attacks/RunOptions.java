package org.minip2p.attacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.minip2p.attacks.hostile.Attack;
import org.minip2p.attacks.hostile.Attacks;

/**
 * The options of a run of the suite. Immutable.
 *
 * @param attacks the attacks to run, in order
 * @param seconds the duration of each attack; 0 for its own duration
 * @param json whether to print one JSON object for each attack on stdout, and nothing else
 * @param write whether to write the tables to the page on attacks
 * @param lifted whether to turn off the defence against each attack by a setting; then each attack is expected to succeed
 * @param allocator Netty's name for the victim's allocator
 * @param backend how the victim drives its sockets
 */
record RunOptions(
        List<Attack> attacks,
        int seconds,
        boolean json,
        boolean write,
        boolean lifted,
        String allocator,
        String backend) {
    static final String USAGE = "[--only NAME[,NAME]…]… [--smoke] [--seconds N] [--json] [--write] [--lifted] "
            + "[--allocator adaptive|pooled] [--backend nio|epoll]";

    private static final Set<String> ALLOCATORS = Set.of("adaptive", "pooled");
    private static final Set<String> BACKENDS = Set.of("nio", "epoll");
    private static final int MAX_SECONDS = 600;
    private static final int SMOKE_SECONDS = 5;

    RunOptions {
        attacks = List.copyOf(attacks);
        oneOf("--allocator", allocator, ALLOCATORS);
        oneOf("--backend", backend, BACKENDS);
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("--seconds takes 1 to " + MAX_SECONDS + ", not " + seconds);
        }
        if (attacks.isEmpty()) {
            throw new IllegalArgumentException("expected an attack, got none");
        }
        if (lifted) {
            attacks = attacks.stream()
                    .filter(attack -> !attack.description().lifted().isEmpty())
                    .toList();
        }
    }

    private static void oneOf(String option, String value, Set<String> values) {
        if (!values.contains(value)) {
            throw new IllegalArgumentException(option + " takes "
                    + String.join(" or ", values.stream().sorted().toList()) + ", not " + value);
        }
    }

    /** The duration of an attack. */
    int secondsOf(Attack attack) {
        return seconds > 0 ? seconds : attack.description().seconds();
    }

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException if they are wrong; the message says why
     */
    static RunOptions parse(List<String> arguments) {
        List<Attack> attacks = new ArrayList<>();
        boolean smoke = false;
        boolean json = false;
        boolean write = false;
        boolean lifted = false;
        int seconds = 0;
        String allocator = "adaptive";
        String backend = "nio";
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--smoke" -> smoke = true;
                case "--json" -> json = true;
                case "--write" -> write = true;
                case "--lifted" -> lifted = true;
                case "--only" -> {
                    for (String name : value(arguments, ++i).split(",", -1)) {
                        attacks.add(Attacks.named(name));
                    }
                }
                case "--seconds" -> seconds = number(arguments, ++i);
                case "--allocator" -> allocator = value(arguments, ++i);
                case "--backend" -> backend = value(arguments, ++i);
                default -> throw new IllegalArgumentException("unknown argument " + arguments.get(i));
            }
        }
        if (attacks.isEmpty()) {
            attacks.addAll(
                    smoke
                            ? Attacks.all().stream()
                                    .filter(attack -> attack.description().isSmoke())
                                    .toList()
                            : Attacks.all());
        }
        return new RunOptions(
                attacks, seconds == 0 && smoke ? SMOKE_SECONDS : seconds, json, write, lifted, allocator, backend);
    }

    private static String value(List<String> arguments, int i) {
        if (i >= arguments.size()) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a value");
        }
        return arguments.get(i);
    }

    private static int number(List<String> arguments, int i) {
        String value = value(arguments, i);
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a whole number, not " + value, e);
        }
        throw new IllegalArgumentException(arguments.get(i - 1) + " needs a number above 0, not " + value);
    }
}
