package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule, explored exhaustively: two ends, connections dialed by either, every order of all that can happen, equal states once.
 * What can happen is in {@link World}; what must hold there, too. All of it ({@code -Pexplore}) takes up to a minute; the build
 * has what fits into some seconds.
 */
class ExplorationTest {
    @ParameterizedTest
    @EnumSource(Partner.class)
    void upToTwoConnectionsAndTwoFaults(Partner partner) {
        assertClean(partner, 1, 2, 2);
    }

    @ParameterizedTest
    @EnumSource(Partner.class)
    void threeConnectionsAndOneFault(Partner partner) {
        assertClean(partner, 3, 3, 1);
    }

    @Tag("explore")
    @Timeout(600)
    @ParameterizedTest
    @EnumSource(Partner.class)
    void threeConnectionsAndTwoFaults(Partner partner) {
        assertClean(partner, 3, 3, 2);
    }

    /** Each clause is needed: without it there is an order of events that breaks an invariant. */
    @ParameterizedTest
    @EnumSource(Ablation.class)
    void noClauseCanBeSpared(Ablation clause) {
        Exploration.Result shortest =
                shortestViolation(OurBehaviour.without(clause), Partner.SEED, Partner.GO, Partner.OURS);

        print("without " + clause, shortest);
        assertThat(shortest.isClean()).as("without %s", clause).isFalse();
    }

    /** Go gives up at 20 s, and two stalls of 10 s are 20 s. */
    @Test
    void aDeadlineOfTenSecondsIsTooLong() {
        Exploration.Result shortest = shortestViolation(OurBehaviour.timed(1, 2), Partner.GO);

        print("with a deadline of 10 s", shortest);
        assertThat(shortest.violation()).startsWith("invariant 5");
    }

    @Test
    void theSeedRuleLosesAHandshakeWithItself() {
        World crossing = new World(
                new ModelEnd<>(new SeedBehaviour()),
                new ModelEnd<>(new SeedBehaviour()),
                new boolean[] {true, false},
                0);

        Exploration.Result result = Exploration.explore(crossing);

        print("the seed rule against itself", result);
        assertThat(result.violation()).startsWith("invariant 1");
        assertThat(result.path()).hasSize(4);
    }

    private static void assertClean(Partner partner, int fromConnections, int toConnections, int faults) {
        long states = 0;
        long transitions = 0;
        long orders = 0;
        long start = System.nanoTime();
        for (int connections = fromConnections; connections <= toConnections; connections++) {
            for (World world : partner.worlds(OurBehaviour.whole(), connections, faults)) {
                Exploration.Result result = Exploration.explore(world);

                assertThat(result.isClean())
                        .as(() -> world + "\n" + result.violation() + "\n" + String.join("\n", result.path()))
                        .isTrue();
                states += result.states();
                transitions += result.transitions();
                orders = Math.addExact(orders, result.orders());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "explored: ours with %s, %d to %d connections, %d faults: %,d states, %,d transitions, %,d orders, %.1f s%n",
                partner,
                fromConnections,
                toConnections,
                faults,
                states,
                transitions,
                orders,
                (System.nanoTime() - start) / 1e9);
    }

    /** The shortest violation against the first of the partners that there is one against. */
    private static Exploration.Result shortestViolation(Behaviour<?> behaviour, Partner... partners) {
        Exploration.Result shortest = new Exploration.Result(0, 0, 0, "", List.of());
        for (Partner partner : partners) {
            for (int connections = 1; connections <= 2 && shortest.isClean(); connections++) {
                for (World world : partner.worlds(behaviour, connections, 2)) {
                    Exploration.Result result = Exploration.explore(world);
                    boolean isShorter = shortest.isClean()
                            || result.path().size() < shortest.path().size();
                    if (!result.isClean() && isShorter) {
                        shortest = result;
                    }
                }
            }
        }
        return shortest;
    }

    private static String numbered(List<String> path) {
        return IntStream.range(0, path.size())
                .mapToObj(i -> String.format(Locale.ROOT, "    %2d. %s", i + 1, path.get(i)))
                .collect(Collectors.joining("\n"));
    }

    private static void print(String what, Exploration.Result result) {
        System.out.printf(
                "explored: %s: %s, after %d steps%n%s%n",
                what, result.violation(), result.path().size(), numbered(result.path()));
    }
}
