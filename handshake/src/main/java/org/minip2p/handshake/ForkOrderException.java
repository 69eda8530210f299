package org.minip2p.handshake;

import java.time.Instant;

/** The instants of a {@link NetworkSchedule} are not in order. */
public final class ForkOrderException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Instant before;
    private final Instant at;

    ForkOrderException(Instant before, Instant at) {
        super("expected a fork later than " + before + ", got one at " + at);
        this.before = before;
        this.at = at;
    }

    /** {@return the time of the fork before it} */
    public Instant before() {
        return before;
    }

    /** {@return the time of the refused fork} */
    public Instant at() {
        return at;
    }
}
