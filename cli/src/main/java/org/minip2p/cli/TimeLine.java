package org.minip2p.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What happened when, marked by any thread. */
final class TimeLine {
    /**
     * One thing that happened.
     *
     * @param nanos when, since the start
     * @param node at which node
     * @param what in words for people
     */
    record Mark(long nanos, String node, String what) {}

    private final long startNanos = System.nanoTime();
    private final List<Mark> marks = new ArrayList<>();

    /** Something happens now. */
    synchronized void mark(String node, String what) {
        marks.add(new Mark(System.nanoTime() - startNanos, node, what));
    }

    /** Everything so far, in the order of time. */
    synchronized List<Mark> marks() {
        return marks.stream().sorted(Comparator.comparingLong(Mark::nanos)).toList();
    }
}
