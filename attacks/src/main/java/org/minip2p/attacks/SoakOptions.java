package org.minip2p.attacks;

import java.time.Duration;
import java.util.List;

/**
 * The options of a soak. Immutable.
 *
 * @param duration how long it runs
 * @param allocator Netty's name for the victim's allocator
 * @param backend how the victim drives its sockets
 * @param write whether to write the curves and the verdict to the page on attacks
 */
record SoakOptions(Duration duration, String allocator, String backend, boolean write) {
    static final String USAGE =
            "[--hours N] [--minutes N] [--allocator adaptive|pooled] [--backend nio|epoll] [--write]";

    private static final Duration LONGEST = Duration.ofDays(10);

    SoakOptions {
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a soak takes 1 minute to " + LONGEST.toHours() + " hours, not "
                    + duration.toMinutes() + " minutes");
        }
        if (!List.of("adaptive", "pooled").contains(allocator)
                || !List.of("nio", "epoll").contains(backend)) {
            throw new IllegalArgumentException("unknown allocator " + allocator + " or back end " + backend);
        }
    }

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException if they are wrong; the message says why
     */
    static SoakOptions parse(List<String> arguments) {
        Duration duration = Duration.ZERO;
        String allocator = "adaptive";
        String backend = "nio";
        boolean write = false;
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals("--write")) {
                write = true;
                continue;
            }
            if (++i >= arguments.size()) {
                throw new IllegalArgumentException(option + " is unknown or needs a value");
            }
            String value = arguments.get(i);
            switch (option) {
                case "--hours" -> duration = duration.plus(Duration.ofHours(number(option, value)));
                case "--minutes" -> duration = duration.plus(Duration.ofMinutes(number(option, value)));
                case "--allocator" -> allocator = value;
                case "--backend" -> backend = value;
                default -> throw new IllegalArgumentException("unknown argument " + option);
            }
        }
        return new SoakOptions(duration, allocator, backend, write);
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not " + value, e);
        }
        throw new IllegalArgumentException(option + " needs a number that is not negative, not " + value);
    }
}
