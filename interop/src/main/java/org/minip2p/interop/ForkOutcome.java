package org.minip2p.interop;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one round. Immutable.
 *
 * @param round the round
 * @param established the number of connections that were established
 * @param completions how many times at most our handshake reported completion while at least one connection was open
 * @param weCompleted whether our handshake reported completion at all
 * @param theyCompleted whether an exchange succeeded on their side
 * @param weTold the failures that our handshake reported
 * @param theyTold the failures that they reported
 * @param closes how our connections closed
 * @param heldBefore whether we had a connection at the end of our window, just before we asked again
 * @param dialedAgain whether both sides dialed once more after that, since there was no connection
 * @param ourConnections the number of our connections at the end
 * @param theirConnections the number of their connections at the end
 * @param goneAfterAsk the time from the ask to the close of the last connection; null if there was no ask or no connection, or one is left
 */
record ForkOutcome(
        ForkPlan.Round round,
        int established,
        int completions,
        boolean weCompleted,
        boolean theyCompleted,
        List<String> weTold,
        List<String> theyTold,
        List<Close> closes,
        boolean heldBefore,
        boolean dialedAgain,
        int ourConnections,
        int theirConnections,
        @Nullable Duration goneAfterAsk) {

    static final String NETWORK_MISMATCH = "network-mismatch";

    /** The reason when our host closes a connection that another one supersedes, which has nothing to do with a fork. */
    static final String SUPERSEDED = "superseded";

    /**
     * The end of a connection.
     *
     * @param byUs which side closed it
     * @param why the reason that this side gives
     * @param afterAsk whether it closed after we had asked again
     */
    record Close(boolean byUs, String why, boolean afterAsk) {
        private boolean isOfADuplicate() {
            return byUs && why.equals(SUPERSEDED);
        }
    }

    ForkOutcome {
        weTold = List.copyOf(weTold);
        theyTold = List.copyOf(theyTold);
        closes = List.copyOf(closes);
    }

    boolean isConnected() {
        return ourConnections > 0 && theirConnections > 0;
    }

    boolean isGone() {
        return ourConnections == 0 && theirConnections == 0;
    }

    /**
     * What is wrong, or null.
     *
     * @param isStrict whether the peer accepts only its own current network, and closes all connections to a peer on any failure
     */
    @Nullable String fault(boolean isStrict) {
        String fault = fault(round.phase(), isStrict);
        return fault == null
                ? null
                : round.phase() + " at " + round.at().toMillis() + " ms: " + fault + "; " + ourConnections
                        + " connections here, " + theirConnections + " there; we reported " + weTold + ", they "
                        + theyTold
                        + "; closes " + closes;
    }

    private @Nullable String fault(ForkPhase phase, boolean isStrict) {
        if (completions > 1) {
            return "completed " + completions + " times";
        }
        if (ourConnections == 0 != (theirConnections == 0)) {
            return "connected on one side";
        }
        if (phase == ForkPhase.STAYS) {
            return staysFault();
        }
        if (weTold.contains(NETWORK_MISMATCH)) {
            return "we refused a network that we accept";
        }
        List<Close> refused =
                closes.stream().filter(close -> !close.isOfADuplicate()).toList();
        if (refused.stream().anyMatch(Close::byUs)) {
            return "we closed a connection";
        }
        if (!isConnected()) {
            return "not connected";
        }
        if (!weCompleted) {
            return "not complete here";
        }
        if (!theyCompleted) {
            return "not complete there";
        }
        if (phase == ForkPhase.INSIDE && isStrict) {
            return null; // It may have closed while it was on the other side of the fork; then it was dialed again.
        }
        return refused.isEmpty() ? null : "a connection was closed";
    }

    private @Nullable String staysFault() {
        if (!heldBefore) {
            return "not connected until the window's end";
        }
        if (!isGone()) {
            return "still connected after an ask";
        }
        // A peer that refuses us may close before its answer reaches us: then the connection is gone, and our handshake
        // has nothing to report.
        boolean isClosedByThem = closes.stream().anyMatch(close -> !close.byUs());
        return isClosedByThem || weTold.contains(NETWORK_MISMATCH) ? null : "no failure was reported";
    }
}
