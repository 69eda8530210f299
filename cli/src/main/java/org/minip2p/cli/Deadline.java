package org.minip2p.cli;

import java.time.Duration;

/** When something must be done. Immutable. */
final class Deadline {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** So long from now. */
    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** How long it is until then; never nothing, which some take for no limit. */
    Duration left() {
        Duration left = Duration.ofNanos(endNanos - System.nanoTime());
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** Whether less than this is left. */
    boolean isWithin(Duration time) {
        return left().compareTo(time) < 0;
    }
}
