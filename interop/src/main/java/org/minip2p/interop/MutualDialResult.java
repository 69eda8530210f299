package org.minip2p.interop;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The results of mutual dials.
 *
 * @param peer the peer
 * @param rounds the rounds
 * @param hold how long the connections were left alone at the end
 * @param took the total time
 */
record MutualDialResult(Peers peer, List<MutualDials.Round> rounds, Duration hold, Duration took) {

    /** The faults, one line for each faulty round. */
    List<String> faults() {
        return rounds.stream()
                .map(MutualDials.Round::fault)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The 99th percentile of the time from the first dial to our {@code Completed}. */
    Duration ourP99() {
        return percentile(MutualDials.Round::ourNanos, 99);
    }

    /** The 99th percentile of the time from the first dial to the end of an exchange that succeeded on their side. */
    Duration theirP99() {
        return percentile(MutualDials.Round::theirNanos, 99);
    }

    private Duration percentile(Function<MutualDials.Round, @Nullable Long> time, int percent) {
        List<Long> sorted = rounds.stream()
                .map(time)
                .filter(Objects::nonNull)
                .map(Long.class::cast)
                .sorted()
                .toList();
        return sorted.isEmpty() ? Duration.ZERO : Duration.ofNanos(sorted.get((sorted.size() - 1) * percent / 100));
    }

    private String times(String what, Function<MutualDials.Round, @Nullable Long> time) {
        return what + " p50 " + percentile(time, 50).toMillis() + " ms, p99 "
                + percentile(time, 99).toMillis() + " ms, max "
                + percentile(time, 100).toMillis() + " ms";
    }

    @Override
    public String toString() {
        long both = rounds.stream().filter(MutualDials.Round::hadTwoConnections).count();
        long missed = rounds.stream().filter(MutualDials.Round::isMissed).count();
        String text = peer + ": " + rounds.size() + " mutual dials in " + took.toSeconds() + " s, " + both
                + " with two connections; " + times("completed here", MutualDials.Round::ourNanos) + "; "
                + times("there", MutualDials.Round::theirNanos);
        if (peer.isGo()) {
            text += "; " + times("counted as a peer", MutualDials.Round::decisionNanos) + "; " + missed
                    + " requests served before the wait for them was noted";
        }
        return text + "; after " + hold.toSeconds() + " s " + (rounds.size() - faults().size())
                + " without fault and connected on both sides";
    }
}
