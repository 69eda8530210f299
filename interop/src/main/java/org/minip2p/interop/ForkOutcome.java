package org.minip2p.interop;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one round. Immutable.
 *
 * @param round which
 * @param established how many connections there were
 * @param completions how often we told that the handshake is complete, at most, between two moments without a connection
 * @param weCompleted whether we told it at all
 * @param theyCompleted whether they found an exchange good
 * @param weTold our failures
 * @param theyTold theirs
 * @param closes of connections of ours
 * @param heldBefore whether we had a connection when our window ended, just before we asked again
 * @param dialedAgain whether we and they dialed once more after that, since there was none
 * @param ourConnections how many we have at the end
 * @param theirConnections how many they have
 * @param goneAfterAsk from the ask to the close of the last connection; null when there was no ask, no connection, or one is left
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

    /** Our host closes a connection beside which another one serves as well: that has nothing to do with a fork. */
    static final String SUPERSEDED = "superseded";

    /**
     * The end of a connection.
     *
     * @param byUs which side closed it
     * @param why as that side says
     * @param afterAsk whether we had asked again before
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
     * @param isStrict whether the peer accepts its own network of the moment alone, and closes everything on any failure
     */
    @Nullable String fault(boolean isStrict) {
        String fault = fault(round.phase(), isStrict);
        return fault == null
                ? null
                : round.phase() + " at " + round.at().toMillis() + " ms: " + fault + "; " + ourConnections
                        + " connections here, " + theirConnections + " there; we told " + weTold + ", they " + theyTold
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
            return null; // It may have closed while it was on the other side of the fork: it was dialed again then.
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
        // A peer that refuses us may close before its answer reaches us: then it is gone, and there is nothing left to
        // tell of.
        boolean isClosedByThem = closes.stream().anyMatch(close -> !close.byUs());
        return isClosedByThem || weTold.contains(NETWORK_MISMATCH) ? null : "nothing was told";
    }
}
