package org.minip2p.simulation;

/**
 * Something that runs tasks when its world lets it, in the place of one or more threads of a real machine. Confined to the thread of its
 * world.
 */
interface Worker {
    /** The time of a timer that does not exist. */
    long NEVER = Long.MAX_VALUE;

    /** Its name in a trace. */
    String name();

    /** Whether it has a task that it can run now. */
    boolean hasTask();

    /** When its next timer is due, in the nanoseconds of the world; {@link #NEVER} if there is none. */
    long nextTimerNanos();

    /** Runs one task. */
    void runOne();

    /** What it still has to do, for an error message; empty for nothing. */
    String leftovers();
}
