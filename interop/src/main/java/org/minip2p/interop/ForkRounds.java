package org.minip2p.interop;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Mutual dials around a fork: our nodes and the nodes of a peer dial each other according to a plan, while the network of each node changes
 * by its own clock.
 *
 * <p>When our window ends, our nodes ask all peers again. Pairs of the window that are not connected are dialed once more a little later.
 * At the end both sides are asked for their number of connections. Confined to one thread, except for the pairs.
 */
final class ForkRounds implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** How long the processes may take to start, plus the next value for each node. A busy machine may need another try with more time. */
    private static final Duration START = Duration.ofSeconds(5);

    private static final Duration START_OF_A_NODE = Duration.ofMillis(200);
    private static final int TRIES = 3;

    /** An SSV node gives up after 20 s, and then closes every connection. */
    private static final Duration LONGER_THAN_AN_SSV_NODE_WAITS = Duration.ofSeconds(25);

    /** The exchange is repeated after 3 s, and a peer that closes because of it closes at once. */
    private static final Duration HOLD = Duration.ofSeconds(6);

    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private record Key(String ours, String theirs) {}

    private final Peers peer;
    private final ForkPlan plan;
    private final ForkRunOptions options;
    private final boolean follows;
    private final Instant fork;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ForkNodes nodes;
    private volatile Map<Key, ForkPair> pairs = Map.of();

    private ForkRounds(Peers peer, ForkPlan plan, ForkRunOptions options, boolean follows, Duration start) {
        this.peer = peer;
        this.plan = plan;
        this.options = options;
        this.follows = follows;
        // The peers get the time of the fork when they start, so the time that the start takes must be estimated
        // before.
        this.fork = Instant.now().plus(start).minus(plan.begin()).truncatedTo(ChronoUnit.MILLIS);
        this.nodes = new ForkNodes(peer, plan, options, follows, fork, this::told);
        Map<Key, ForkPair> all = new HashMap<>();
        plan.rounds()
                .forEach(round -> all.put(
                        new Key(nodes.ours(round), nodes.theirs(round)), new ForkPair(round, System::nanoTime)));
        pairs = Map.copyOf(all);
    }

    /**
     * Runs all rounds of a plan.
     *
     * @param follows whether the peers follow the fork
     * @return the outcome of each round
     */
    static List<ForkOutcome> run(Peers peer, ForkPlan plan, ForkRunOptions options, boolean follows) {
        Duration start = START.plus(START_OF_A_NODE.multipliedBy(plan.nodes()));
        for (int i = 0; i < TRIES; i++) {
            try (ForkRounds rounds = new ForkRounds(peer, plan, options, follows, start)) {
                if (Instant.now().isBefore(rounds.fork.plus(plan.begin()))) {
                    return rounds.run();
                }
            }
            System.err.println(
                    "interop: the nodes of " + peer + " took more than " + start.toSeconds() + " s to start");
            start = start.multipliedBy(3);
        }
        throw new AssertionError("the nodes of " + peer + " did not start in time");
    }

    private List<ForkOutcome> run() {
        plan.rounds().forEach(round -> at(round.at(), () -> nodes.dial(round)));
        pause(nodes.untilWindowEnds());
        pairs.values().forEach(ForkPair::asked);
        nodes.askAgain();
        if (follows) {
            at(options.window().plus(options.skew()).plusSeconds(1), this::dialLost);
            pause(until(plan.end(ForkPhase.AFTER)));
            await(ForkPair::isThrough);
            pause(peer.isGo() ? LONGER_THAN_AN_SSV_NODE_WAITS : HOLD);
        } else {
            await(pair -> !pair.isOpen());
            pause(LAST_LINES);
        }
        return count();
    }

    /** Dials the pairs again that the window has left without a connection. */
    private void dialLost() {
        pairs.values().stream()
                .filter(pair -> pair.round().phase() == ForkPhase.INSIDE)
                .filter(ForkPair::isLost)
                .forEach(pair -> nodes.dial(pair.round()));
    }

    private List<ForkOutcome> count() {
        List<ForkOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < plan.nodes(); i++) {
            int node = i;
            Map<String, Integer> theirConnections = nodes.theirConnections(node);
            pairs.values().stream()
                    .filter(pair -> pair.round().theirs() == node)
                    .forEach(pair -> outcomes.add(nodes.outcome(pair, theirConnections)));
        }
        return outcomes;
    }

    private void told(String ours, String theirs, Consumer<ForkPair> event) {
        ForkPair pair = pairs.get(new Key(ours, theirs));
        if (pair != null) {
            event.accept(pair);
        }
    }

    /** Waits until the condition is true for every pair, or until the deadline. */
    private void await(Predicate<ForkPair> condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!pairs.values().stream().allMatch(condition) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Runs a task at a time relative to the fork. */
    private void at(Duration sinceFork, Runnable task) {
        timer.schedule(task, until(sinceFork).toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration until(Duration sinceFork) {
        Duration left = Duration.between(Instant.now(), fork.plus(sinceFork));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static void pause(Duration duration) {
        OurNode.await(
                new CompletableFuture<>().completeOnTimeout("", duration.toNanos(), TimeUnit.NANOSECONDS),
                duration.plus(DEADLINE));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        nodes.close();
    }
}
