package org.minip2p.attacks;

import java.util.Map;

/**
 * What was observed during one attack.
 *
 * @param blows the number of actions that make up the attack, such as frames or requests
 * @param connections the number of sockets that it opened
 * @param sentBytes the number of bytes that it sent
 * @param seconds how long it took
 * @param hindrance what kept the attack from taking place, which proves nothing about the victim; empty when it took place
 * @param fall why the victim no longer answers; empty when it is alive
 * @param memoryErrors how many lines of the victim's output name an {@code OutOfMemoryError} or one of Netty's
 * @param heldBytes the maximum of the victim's own account
 * @param heapBytes the heap in use after a collection at the end of the attack
 * @param directBytes the maximum of direct memory in use
 * @param residentBytes the maximum of resident memory
 * @param before the honest peer's window before the attack
 * @param during its window during the attack
 * @param after its window after the attack
 * @param newcomersTried the number of newcomers
 * @param newcomersServed the number of newcomers that were accepted and answered
 * @param ends the number of closed connections, by kind of peer and reason
 */
record Observation(
        long blows,
        long connections,
        long sentBytes,
        double seconds,
        String hindrance,
        String fall,
        long memoryErrors,
        long heldBytes,
        long heapBytes,
        long directBytes,
        long residentBytes,
        Window before,
        Window during,
        Window after,
        int newcomersTried,
        int newcomersServed,
        Map<String, Long> ends) {

    Observation {
        ends = Map.copyOf(ends);
    }

    /** The memory that was actually in use: heap and direct. */
    long realBytes() {
        return heapBytes + directBytes;
    }

    /**
     * How the honest peer was served in one period.
     *
     * @param pings the number of pings
     * @param p50Micros their median
     * @param p99Micros their 99th percentile
     * @param echoes the number of echoes of 64 KiB that came back
     * @param failures the number of pings and echoes that failed
     * @param lost the number of times that its connection was lost
     * @param firstFailure the first failure; empty if there was none
     */
    record Window(
            long pings, long p50Micros, long p99Micros, long echoes, long failures, long lost, String firstFailure) {
        /** An empty window. */
        static final Window NONE = new Window(0, 0, 0, 0, 0, 0, "");

        static Window of(Line line) {
            return new Window(
                    line.number("pings"),
                    line.number("p50Micros"),
                    line.number("p99Micros"),
                    line.number("echoes"),
                    line.number("failures"),
                    line.number("lost"),
                    line.text("firstFailure"));
        }
    }
}
