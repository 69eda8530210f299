package org.minip2p.handshake.rule;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a {@link World} is made of.
 *
 * @param a end A: ours
 * @param b end B: the partner
 * @param dialedByA who dials each connection
 * @param faults how many may happen
 * @param clocks how the clocks of the two ends go through the fork
 * @param asksOfA how often A may be asked to ask again
 * @param asksOfB how often B may
 * @param askTime when
 */
record Scenario(
        ModelEnd<?> a,
        ModelEnd<?> b,
        List<Boolean> dialedByA,
        int faults,
        Clocks clocks,
        int asksOfA,
        int asksOfB,
        AskTime askTime) {
    /** How the clocks go. */
    enum Clocks {
        /** Long before the fork. */
        STOPPED,
        /** Through the fork, at most one phase apart, and the window not over while a message of the old network is under way. */
        TOGETHER,
        /** Through the fork, apart by as much as they like. */
        APART,
        /** Through the fork together, but only while every connection is established and nothing else moves. */
        AT_REST,
        /** A's goes through the fork; B stays before it forever. */
        B_STAYS_BEHIND;

        boolean areTogether() {
            return this == TOGETHER || this == AT_REST;
        }
    }

    /** When the application may ask. */
    enum AskTime {
        /** At any time. */
        ANY,
        /** As soon as the end's own network has changed. */
        AT_THE_FORK,
        /** When the end's window is over. */
        AFTER_THE_WINDOW;

        boolean isNow(int phase) {
            return switch (this) {
                case ANY -> true;
                case AT_THE_FORK -> phase == 2;
                case AFTER_THE_WINDOW -> phase == Networks.PHASES - 1;
            };
        }
    }

    ModelEnd<?> end(int e) {
        return e == 0 ? a : b;
    }

    int connections() {
        return dialedByA.size();
    }

    /** Whether this end is the dialer. */
    boolean isDialer(int connection, int e) {
        return dialedByA.get(connection) == (e == 0);
    }

    @Override
    public String toString() {
        return IntStream.range(0, connections())
                .mapToObj(c -> (char) ('X' + c) + " dialed by " + (dialedByA.get(c) ? "A" : "B"))
                .collect(Collectors.joining(", "));
    }
}
