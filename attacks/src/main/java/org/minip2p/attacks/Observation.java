package org.minip2p.attacks;

import java.util.Map;

/**
 * What was seen of one attack.
 *
 * @param blows what the attack is made of, so many times
 * @param connections sockets that it opened
 * @param sentBytes what it sent
 * @param seconds how long it took
 * @param hindrance what kept the attack from taking place, which says nothing of the victim; empty when it took place
 * @param fall why the victim cannot be asked any more; empty when it lives
 * @param memoryErrors how many lines of the victim's output name an {@code OutOfMemoryError} or one of Netty's
 * @param heldBytes the most that its own account said
 * @param heapBytes heap in use after a collection at the end of the attack
 * @param directBytes the most direct memory in use
 * @param residentBytes the most that was resident
 * @param before the honest peer's window before the attack
 * @param during the one during it
 * @param after the one after it
 * @param newcomersTried how many newcomers came
 * @param newcomersServed how many got in and were answered
 * @param ends who was ended and why, by how many
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

    /** The memory that was really in use: heap and direct. */
    long realBytes() {
        return heapBytes + directBytes;
    }

    /**
     * How an honest peer fared for a time.
     *
     * @param pings how many there were
     * @param p50Micros their median
     * @param p99Micros their 99th percentile
     * @param echoes how many times 64 KiB came back
     * @param failures how many pings and echoes failed
     * @param lost how often its connection was lost
     * @param firstFailure what failed first; empty when nothing did
     */
    record Window(
            long pings, long p50Micros, long p99Micros, long echoes, long failures, long lost, String firstFailure) {
        /** Nothing was seen. */
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
