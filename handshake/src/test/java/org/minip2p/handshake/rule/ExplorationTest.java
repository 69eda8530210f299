package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.handshake.rule.Partner.Setting;
import org.minip2p.handshake.rule.Scenario.AskTime;
import org.minip2p.handshake.rule.Scenario.Clocks;

/**
 * Explores the rule exhaustively: two ends, connections dialed by either end, every order of events, equal states once.
 * {@link Choices} has what can happen, {@link Invariants} what must hold. All explorations ({@code -Pexplore}) take
 * about twenty minutes and 3 GiB. A regular build runs those that take seconds.
 */
class ExplorationTest {
    private static final OurBehaviour OURS = OurBehaviour.whole();

    /** An exploration that is expected to find nothing. */
    private record Plan(String name, OurBehaviour ours, int fromConnections, int toConnections, Setting setting) {}

    // ---- The handshake and its repeat ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void upToTwoConnectionsAndTwoFaults(Partner partner) {
        assertClean(partner, new Plan("the repeat", OURS, 1, 2, Setting.faults(2)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void threeConnectionsAndOneFault(Partner partner) {
        assertClean(partner, new Plan("the repeat", OURS, 3, 3, Setting.faults(1)));
    }

    /**
     * Without the repeat if both ends are ours, since it multiplies the states. The other partners need it, or have few
     * enough states.
     */
    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void threeConnectionsAndTwoFaults(Partner partner) {
        Setting setting = Setting.faults(2);

        assertClean(
                partner,
                partner == Partner.OURS
                        ? new Plan("no repeat", OURS.withRepeat(0), 3, 3, setting)
                        : new Plan("the repeat", OURS, 3, 3, setting));
    }

    // ---- Asking again ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void anAskAtAnyTime(Partner partner) {
        assertClean(partner, asked("an ask", 2, 0, 1, 0));
        assertClean(partner, asked("an ask", 1, 1, 1, 0));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void anAskAtAnyTimeAndTwoFaults(Partner partner) {
        assertClean(partner, asked("an ask", 2, 2, 1, 0));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void anAskAtAnyTimeOnThreeConnections(Partner partner) {
        Setting setting = Setting.faults(1).withAsks(1, 0, AskTime.ANY);

        assertClean(partner, new Plan("an ask", OURS, 3, 3, setting));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void twoAsksOfOneEndAndOneOfTheOther(Partner partner) {
        assertClean(partner, asked("two asks and one", 2, partner == Partner.OURS ? 0 : 1, 2, 1));
    }

    private static Plan asked(String name, int connections, int faults, int ofA, int ofB) {
        Setting setting = Setting.faults(faults).withAsks(ofA, ofB, AskTime.ANY);
        return new Plan(name, OURS, 1, connections, setting);
    }

    // ---- The fork --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void theForkAtAnyTime(Partner partner) {
        assertClean(partner, fork(2, 0));
        assertClean(partner, fork(1, 1));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void theForkAtAnyTimeAndTwoFaults(Partner partner) {
        assertClean(partner, fork(2, 2));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void theForkAndThreeConnections(Partner partner) {
        Setting setting = Setting.faults(partner == Partner.OURS ? 0 : 1).with(Clocks.TOGETHER);

        assertClean(partner, new Plan("the fork", OURS, 3, 3, setting));
    }

    @Tag("explore")
    @Timeout(900)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void theForkAndAnAskAtAnyTime(Partner partner) {
        Setting setting = Setting.faults(1).with(Clocks.TOGETHER).withAsks(1, 0, AskTime.ANY);

        assertClean(partner, new Plan("the fork and an ask", OURS, 1, 2, setting));
    }

    private static Plan fork(int connections, int faults) {
        return new Plan("the fork", OURS, 1, connections, Setting.faults(faults).with(Clocks.TOGETHER));
    }

    /** With one ask after the window, a partner that stayed behind loses all its connections. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void aPartnerThatStayedBehindIsGoneAfterOneAsk(Partner partner) {
        assertClean(partner, leftBehind(1, 1, 1));
        assertClean(partner, leftBehind(2, 0, 1));
    }

    @Tag("explore")
    @Timeout(600)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void aPartnerThatStayedBehindIsGoneAfterOneAskWithAFault(Partner partner) {
        assertClean(partner, leftBehind(2, 1, 1));
    }

    /** Without an ask, it stays connected. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT")
    void aPartnerThatStayedBehindIsNotFoundOutWithoutAnAsk(Partner partner) {
        int states = count(
                partner,
                leftBehind(1, 0, 0),
                world -> world.isQuiet()
                        && world.ends[0].phase == Networks.PHASES - 1
                        && world.ends[0].completed > 0
                        && world.sharedConnection() >= 0);

        assertThat(states).isPositive();
    }

    private static Plan leftBehind(int connections, int faults, int asks) {
        Setting setting =
                Setting.faults(faults).with(Clocks.B_STAYS_BEHIND).withAsks(asks, 0, AskTime.AFTER_THE_WINDOW);
        return new Plan("a partner that stays behind", OURS, 1, connections, setting);
    }

    /**
     * A strict partner whose clock is slightly behind closes everything if we ask at the fork, and nothing if we ask
     * after the window.
     */
    @ParameterizedTest
    @CsvSource({"AFTER_THE_WINDOW, false", "AT_THE_FORK, true"})
    void aStrictPartnerClosesNothingWhenAskedAfterTheWindow(AskTime time, boolean closes) {
        Setting setting = Setting.faults(0).with(Clocks.AT_REST).withAsks(1, 0, time);
        Plan plan = new Plan("a strict partner, asked " + time, OURS, 1, 2, setting);

        assertClean(Partner.ANCHOR, plan);
        int closed = count(Partner.ANCHOR, plan, world -> world.ends[0].phase > 0 && !world.hasOpen(0));

        assertThat(closed > 0).isEqualTo(closes);
    }

    // ---- A partner that never finishes -----------------------------------------------------------------------------

    /** A partner opens requests again and again and finishes none. We still ask, and report the outcome. */
    @Test
    void aSilentPartner() {
        assertClean(Partner.SILENT, new Plan("a silent partner", OURS, 1, 1, Setting.faults(0)));
    }

    @Tag("explore")
    @Timeout(600)
    @Test
    void aSilentPartnerOnTwoConnections() {
        assertClean(Partner.SILENT, new Plan("a silent partner", OURS, 1, 2, Setting.faults(0)));
    }

    // ---- The naive rule --------------------------------------------------------------------------------------------

    @Test
    void theSeedRuleLosesAHandshakeWithItself() {
        ModelEnd<?> seed = new ModelEnd<>(new SeedBehaviour(false));
        Scenario crossing = new Scenario(seed, seed, List.of(true, false), 0, Clocks.STOPPED, 0, 0, AskTime.ANY);

        Exploration.Result result = Exploration.explore(crossing);

        print("the seed rule against itself", result);
        assertThat(result.violation()).startsWith("invariant 1");
        assertThat(result.path()).hasSize(4);
    }

    // ---- Running and printing --------------------------------------------------------------------------------------

    private static int count(Partner partner, Plan plan, Predicate<World> goal) {
        int found = 0;
        for (int connections = plan.fromConnections; connections <= plan.toConnections; connections++) {
            for (Scenario scenario : partner.scenarios(plan.ours, connections, plan.setting)) {
                found += Exploration.explore(scenario, goal).goals();
            }
        }
        return found;
    }

    private static void assertClean(Partner partner, Plan plan) {
        long states = 0;
        long transitions = 0;
        BigInteger orders = BigInteger.ZERO;
        long start = System.nanoTime();
        for (int connections = plan.fromConnections; connections <= plan.toConnections; connections++) {
            for (Scenario scenario : partner.scenarios(plan.ours, connections, plan.setting)) {
                Exploration.Result result = Exploration.explore(scenario);

                assertThat(result.isClean())
                        .as(() -> scenario + "\n" + result.violation() + "\n" + String.join("\n", result.path()))
                        .isTrue();
                states += result.states();
                transitions += result.transitions();
                orders = orders.add(result.orders());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "explored: ours with %s, %s, %d to %d connections, %d faults: %,d states, %,d transitions, %s, %.1f s%n",
                partner,
                plan.name,
                plan.fromConnections,
                plan.toConnections,
                plan.setting.faults(),
                states,
                transitions,
                orders.signum() < 0 ? "circles" : String.format(Locale.ROOT, "%,d orders", orders),
                (System.nanoTime() - start) / 1e9);
    }

    private static String numbered(List<String> path) {
        return IntStream.range(0, path.size())
                .mapToObj(i -> String.format(Locale.ROOT, "    %2d. %s", i + 1, path.get(i)))
                .collect(Collectors.joining("\n"));
    }

    static void print(String what, Exploration.Result result) {
        System.out.printf(
                "explored: %s: %s, after %d steps%n%s%n",
                what, result.violation(), result.path().size(), numbered(result.path()));
    }
}
