package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.minip2p.host.DialCondition;

/**
 * The plan of which nodes dial each other, and when, around a fork. Each pair of nodes has one round. Immutable; the same seed gives the
 * same plan.
 *
 * @param nodes the number of nodes of each side
 * @param skews how far the clock of each of their nodes is ahead of ours; negative if it is behind
 * @param rounds the rounds, in the order in which they begin
 */
record ForkPlan(int nodes, List<Duration> skews, List<Round> rounds) {
    /**
     * One mutual dial.
     *
     * @param ours the index of our node
     * @param theirs the index of their node
     * @param skew how far the clock of their node is ahead of ours; negative if it is behind
     * @param at when it begins, relative to the fork by our clock
     * @param ourDelay our delay after that
     * @param theirDelay their delay after that
     * @param condition whether we insist on a connection of our own
     */
    record Round(
            ForkPhase phase,
            int ours,
            int theirs,
            Duration skew,
            Duration at,
            Duration ourDelay,
            Duration theirDelay,
            DialCondition condition) {}

    /**
     * The maximum delays of a dial. A pair uses one of them, and each of its dials has a random delay up to it: from a race to one dial
     * after the other.
     */
    private static final int[] MAX_DELAY_MICROS = {500, 3_000, 50_000};

    private static final int ROUNDS_A_SECOND = 10;

    /** This long after a dial, the handshake is finished: it is repeated after 3 s, and a busy machine is slow. */
    private static final Duration QUIET = Duration.ofSeconds(8);

    private static final Duration SECOND = Duration.ofSeconds(1);

    ForkPlan {
        skews = List.copyOf(skews);
        rounds = List.copyOf(rounds);
    }

    /** Plans dials inside the window and after it, with peers that follow the fork, for the batch with this number. */
    static ForkPlan follow(ForkRunOptions options, int batch) {
        return of(options, batch, List.of(ForkPhase.INSIDE, ForkPhase.AFTER), options.skew());
    }

    /** Plans dials before the fork, with peers that do not follow it, for the batch with this number. */
    static ForkPlan stay(ForkRunOptions options, int batch) {
        return of(options, batch, List.of(ForkPhase.STAYS), Duration.ZERO);
    }

    private static ForkPlan of(ForkRunOptions options, int batch, List<ForkPhase> phases, Duration maxSkew) {
        int count = options.roundsOf(batch) * phases.size();
        int nodes = (int) Math.ceil(Math.sqrt(count));
        List<Duration> skews = skews(nodes, maxSkew);
        Random random = new Random(options.seed() + batch);
        List<Integer> pairs = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(pairs, random); // so that each phase has all skews
        List<Round> rounds = new ArrayList<>();
        for (int i : pairs) {
            ForkPhase phase = phases.get(rounds.size() % phases.size());
            int maxDelay = MAX_DELAY_MICROS[random.nextInt(MAX_DELAY_MICROS.length)];
            int theirs = (i + i / nodes) % nodes;
            rounds.add(new Round(
                    phase,
                    i % nodes,
                    theirs,
                    skews.get(theirs),
                    instant(phase, options, random),
                    micros(random.nextInt(maxDelay)),
                    micros(random.nextInt(maxDelay)),
                    // Half of our dials insist on a new connection, like a dial that does not know of the other side's
                    // dial.
                    random.nextBoolean() ? DialCondition.ALWAYS : DialCondition.DISCONNECTED_AND_NOT_DIALING));
        }
        rounds.sort(Comparator.comparing(Round::at));
        return new ForkPlan(nodes, skews, rounds);
    }

    /** When a round begins. Half of the rounds inside the window begin while the clocks of the nodes are on different sides of the fork. */
    private static Duration instant(ForkPhase phase, ForkRunOptions options, Random random) {
        Duration span = Duration.ofMillis(options.batch() * 1_000L / ROUNDS_A_SECOND);
        return switch (phase) {
            case INSIDE -> {
                Duration end = options.window().minus(SECOND);
                Duration near = options.skew().plus(SECOND).compareTo(end) < 0
                        ? options.skew().plus(SECOND)
                        : end;
                yield random.nextBoolean()
                        ? between(near.negated(), near, random)
                        : between(options.window().negated(), end, random);
            }
            case AFTER ->
                between(
                        options.window().plus(SECOND),
                        options.window().plus(SECOND).plus(span),
                        random);
            case STAYS -> between(QUIET.plus(span).negated(), QUIET.negated(), random);
        };
    }

    /** The skews from the largest negative one to the largest positive one, in equal steps. */
    private static List<Duration> skews(int nodes, Duration max) {
        List<Duration> skews = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            double part = nodes == 1 ? 1 : 2.0 * i / (nodes - 1) - 1;
            skews.add(Duration.ofMillis(Math.round(max.toMillis() * part)));
        }
        return skews;
    }

    /** The time of the first dial, relative to the fork. */
    Duration begin() {
        return rounds.get(0).at();
    }

    /** The time after the last dial of a phase, relative to the fork. */
    Duration end(ForkPhase phase) {
        return rounds.stream()
                .filter(round -> round.phase() == phase)
                .map(Round::at)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO)
                .plus(SECOND);
    }

    private static Duration between(Duration from, Duration to, Random random) {
        return from.plusMillis(random.nextLong(to.minus(from).toMillis()));
    }

    private static Duration micros(int count) {
        return Duration.ofNanos(count * 1_000L);
    }
}
