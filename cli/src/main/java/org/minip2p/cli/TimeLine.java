package org.minip2p.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A time line of events, from any thread. */
final class TimeLine {
    /**
     * One event.
     *
     * @param nanos the time since the start, in nanoseconds
     * @param node the node
     * @param what a description for people
     */
    record Mark(long nanos, String node, String what) {}

    private final long startNanos = System.nanoTime();
    private final List<Mark> marks = new ArrayList<>();

    /** Adds an event now. */
    synchronized void mark(String node, String what) {
        marks.add(new Mark(System.nanoTime() - startNanos, node, what));
    }

    /** All events so far, in the order of time. */
    synchronized List<Mark> marks() {
        return marks.stream().sorted(Comparator.comparingLong(Mark::nanos)).toList();
    }
}
