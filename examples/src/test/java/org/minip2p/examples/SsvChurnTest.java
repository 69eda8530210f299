package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.examples.Nodes.PATIENCE;
import static org.minip2p.examples.Nodes.awaitTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.minip2p.examples.Churn.Pair;
import org.minip2p.host.HostConfig;
import org.minip2p.host.KeptConnection.State;

/**
 * Eight nodes whose connections are aborted, and which stop, crash, return at other addresses, and ban and pardon each
 * other. It runs in real time, with a back-off of 30 to 200 ms. For a longer run with another seed, use
 * {@code -Dchurn.seconds=600 -Dchurn.seed=1 -Dsurefire.timeout=900}.
 */
class SsvChurnTest {
    private static final int NODES = 8;

    /** The pause between two checks of all pairs. */
    private static final int LOOK_MILLIS = 5;

    private static final Duration LONGEST_WAIT = SsvNodeTest.QUICK.get(HostConfig.MAX_RECONNECT_DELAY);

    /** Since when each pair has not been connected, in nanoseconds. Connected pairs are not in the map. */
    private final Map<Pair, Long> apartSince = new HashMap<>();

    private final List<Long> millisApart = new ArrayList<>();

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void everyPairThatShouldBeConnectedIsWithinItsBackOff() throws Exception {
        long seed = Long.getLong("churn.seed", 16);
        Duration duration = Duration.ofSeconds(Integer.getInteger("churn.seconds", 15));
        try (Churn churn = new Churn(seed, NODES, duration)) {
            awaitTrue("all connected at the start", () -> allAreConnected(churn));

            long start = System.nanoTime();
            while (!churn.isOver()) {
                churn.disturb(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                        .ifPresent(pair -> apartSince.putIfAbsent(pair, System.nanoTime()));
                look(churn);
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            awaitTrue("all connected at the end", () -> {
                look(churn);
                return allAreConnected(churn);
            });
            churn.sayAllAnew();
            awaitTrue(
                    "all handshakes are complete",
                    () -> churn.pairs().stream()
                            .allMatch(pair -> churn.hasMember(pair.first(), pair.second())
                                    && churn.hasMember(pair.second(), pair.first())));
            report(churn, seed, duration);
        }
    }

    private void look(Churn churn) {
        for (Pair pair : churn.pairs()) {
            long now = System.nanoTime();
            boolean isConnected = churn.hasConnection(pair.first(), pair.second())
                    && churn.hasConnection(pair.second(), pair.first());
            if (!churn.shouldBeConnected(pair)) {
                checkBan(churn, pair.first(), pair.second());
                checkBan(churn, pair.second(), pair.first());
                apartSince.put(pair, now);
            } else if (isConnected) {
                Long since = apartSince.remove(pair);
                if (since != null) {
                    millisApart.add(TimeUnit.NANOSECONDS.toMillis(now - since));
                }
            } else {
                long millis = TimeUnit.NANOSECONDS.toMillis(now - apartSince.computeIfAbsent(pair, key -> now));
                assertThat(millis).as(() -> describe(churn, pair)).isLessThan(PATIENCE.toMillis());
                checkBackOff(churn, pair.first(), pair.second());
                checkBackOff(churn, pair.second(), pair.first());
            }
        }
    }

    private static void checkBan(Churn churn, int node, int other) {
        if (churn.bans(node, other)) {
            assertThat(churn.hasConnection(node, other))
                    .as("%d bans %d and has a connection", node, other)
                    .isFalse();
        }
    }

    /** A node that is not connected is making an attempt, or will make one within the longest wait. */
    private static void checkBackOff(Churn churn, int node, int other) {
        if (churn.kept(node, other).state() instanceof State.Waiting waiting) {
            assertThat(Duration.between(Instant.now(), waiting.nextAttempt()))
                    .as("the wait of %d for %d", node, other)
                    .isLessThanOrEqualTo(LONGEST_WAIT);
        }
    }

    private static String describe(Churn churn, Pair pair) {
        return pair + " are apart: "
                + churn.kept(pair.first(), pair.second()).state() + ", "
                + churn.kept(pair.second(), pair.first()).state();
    }

    private static boolean allAreConnected(Churn churn) {
        return churn.pairs().stream()
                .allMatch(pair -> churn.hasConnection(pair.first(), pair.second())
                        && churn.hasConnection(pair.second(), pair.first()));
    }

    private void report(Churn churn, long seed, Duration duration) {
        Collections.sort(millisApart);
        System.out.printf(
                "churn seed=%d seconds=%d done=%s reconnects=%d millisApart p50=%d p90=%d p99=%d max=%d%n",
                seed,
                duration.toSeconds(),
                churn.done(),
                millisApart.size(),
                quantile(0.5),
                quantile(0.9),
                quantile(0.99),
                quantile(1));
        assertThat(churn.done()).as("each kind of disturbance").containsOnlyKeys(Churn.Kind.values());
        assertThat(millisApart).as("pairs that connected again").hasSizeGreaterThan((int) (2 * duration.toSeconds()));
    }

    private long quantile(double share) {
        return millisApart.get((int) Math.min(millisApart.size() - 1L, (long) (share * millisApart.size())));
    }
}
