package org.minip2p.cli;

import java.time.Duration;

/** The time by which something must be done. Immutable. */
final class Deadline {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** The deadline that is this long from now. */
    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The time left; never zero, which some APIs treat as no limit. */
    Duration left() {
        Duration left = Duration.ofNanos(endNanos - System.nanoTime());
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** Whether less than this time is left. */
    boolean isWithin(Duration time) {
        return left().compareTo(time) < 0;
    }
}
