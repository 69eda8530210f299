package org.minip2p.simulation;

/** Something that runs tasks when its world lets it: a thread, or some, of a real machine. Confined to the thread of its world. */
interface Worker {
    /** No timer waits. */
    long NEVER = Long.MAX_VALUE;

    /** Which one, in a trace. */
    String name();

    /** Whether it has a task that it can run now. */
    boolean hasTask();

    /** When its next timer is due, in the nanoseconds of the world; {@link #NEVER} when there is none. */
    long nextTimerNanos();

    /** Runs one task. */
    void runOne();

    /** What it still has, for an error message; empty when it has nothing. */
    String leftovers();
}
