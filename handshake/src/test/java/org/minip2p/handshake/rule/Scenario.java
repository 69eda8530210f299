package org.minip2p.handshake.rule;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The parameters of a {@link World}.
 *
 * @param a end A, which follows our rule
 * @param b end B, the partner
 * @param dialedByA for each connection, whether A dials it
 * @param faults the maximum number of faults
 * @param clocks how the clocks of the two ends advance through the fork
 * @param asksOfA how often the application may tell A to ask again
 * @param asksOfB how often the application may tell B to do so
 * @param askTime when the application may do so
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
    /** How the clocks advance. */
    enum Clocks {
        /** Both clocks stay long before the fork. */
        STOPPED,
        /**
         * Through the fork, at most one phase apart. The window does not end while a message with the old network is in
         * flight.
         */
        TOGETHER,
        /** Through the fork, any number of phases apart. */
        APART,
        /** As {@link #TOGETHER}, but only while every connection is established and nothing else happens. */
        AT_REST,
        /** A's clock passes through the fork. B's stays before it forever. */
        B_STAYS_BEHIND;

        boolean areTogether() {
            return this == TOGETHER || this == AT_REST;
        }
    }

    /** When the application may tell an end to ask again. */
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

    /** Whether this end dials the connection. */
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
