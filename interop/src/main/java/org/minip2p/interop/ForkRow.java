package org.minip2p.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts of the rounds with one peer. Immutable.
 *
 * @param peer the peer
 * @param phase when the nodes dialed
 * @param skew how far their clocks were apart, as text; empty for all rounds of the phase
 * @param rounds the number of rounds
 * @param twice the number of rounds with two connections or more
 * @param held how many were connected at the end of our window, just before we asked again
 * @param again how many were dialed once more after that, since they were not connected
 * @param connected how many are connected on both sides at the end
 * @param apart how many have a connection on neither side at the end
 * @param weTold the failures that our handshake reported, and how often
 * @param theyTold the failures that the peer reported, and how often
 * @param closedByUs the reasons for which we closed connections, and how often
 * @param closedByThem the reasons for which the peer closed connections, and how often
 * @param goneP50 the median time from our ask to the close of the last connection, in rounds that ended without a connection
 * @param goneMax the maximum of this time
 */
record ForkRow(
        Peers peer,
        ForkPhase phase,
        String skew,
        int rounds,
        int twice,
        int held,
        int again,
        int connected,
        int apart,
        Map<String, Integer> weTold,
        Map<String, Integer> theyTold,
        Map<String, Integer> closedByUs,
        Map<String, Integer> closedByThem,
        Duration goneP50,
        Duration goneMax) {

    /** Counts all rounds of a phase. */
    static ForkRow of(Peers peer, ForkPhase phase, List<ForkOutcome> outcomes) {
        return of(peer, phase, "", outcomes, outcome -> true);
    }

    /** Counts the rounds of a phase whose clocks were more than this many seconds apart, and at most one second more. */
    static ForkRow of(Peers peer, ForkPhase phase, int seconds, List<ForkOutcome> outcomes) {
        return of(
                peer,
                phase,
                seconds + " to " + (seconds + 1) + " s",
                outcomes,
                outcome -> seconds(outcome.round().skew().abs()) == seconds);
    }

    /** The whole seconds below the skew; 0 for no skew. */
    private static long seconds(Duration skew) {
        return skew.isZero() ? 0 : skew.minusNanos(1).toSeconds();
    }

    private static ForkRow of(
            Peers peer, ForkPhase phase, String skew, List<ForkOutcome> all, Predicate<ForkOutcome> matches) {
        List<ForkOutcome> outcomes = all.stream()
                .filter(outcome -> outcome.round().phase() == phase)
                .filter(matches)
                .toList();
        List<Duration> gone = outcomes.stream()
                .map(ForkOutcome::goneAfterAsk)
                .filter(Objects::nonNull)
                .map(Duration.class::cast)
                .sorted()
                .toList();
        return new ForkRow(
                peer,
                phase,
                skew,
                outcomes.size(),
                count(outcomes, outcome -> outcome.established() > 1),
                count(outcomes, ForkOutcome::heldBefore),
                count(outcomes, ForkOutcome::dialedAgain),
                count(outcomes, ForkOutcome::isConnected),
                count(outcomes, ForkOutcome::isGone),
                tally(outcomes.stream().flatMap(outcome -> outcome.weTold().stream())),
                tally(outcomes.stream().flatMap(outcome -> outcome.theyTold().stream())),
                closes(outcomes, ForkOutcome.Close::byUs),
                closes(outcomes, close -> !close.byUs()),
                gone.isEmpty() ? Duration.ZERO : gone.get((gone.size() - 1) / 2),
                gone.isEmpty() ? Duration.ZERO : gone.get(gone.size() - 1));
    }

    private static int count(List<ForkOutcome> outcomes, Predicate<ForkOutcome> matches) {
        return (int) outcomes.stream().filter(matches).count();
    }

    private static Map<String, Integer> closes(List<ForkOutcome> outcomes, Predicate<ForkOutcome.Close> matches) {
        return tally(outcomes.stream()
                .flatMap(outcome -> outcome.closes().stream())
                .filter(matches)
                .map(close -> close.why() + (close.afterAsk() ? ", after the repeat" : "")));
    }

    private static Map<String, Integer> tally(Stream<String> texts) {
        return texts.collect(Collectors.toMap(text -> text, text -> 1, Integer::sum, TreeMap::new));
    }
}
