package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.handshake.rule.Partner.Setting;
import org.minip2p.handshake.rule.RememberingBehaviour.Change;
import org.minip2p.handshake.rule.Scenario.AskTime;
import org.minip2p.handshake.rule.Scenario.Clocks;

/**
 * Each clause of the rule is needed: without it, some order of events breaks an invariant. The test expects the length
 * of the shortest such path with the given partner, connections and faults, and prints the path.
 */
class AblationTest {
    private static final String ECONOMY = "economy";
    private static final String CIRCLE = "it can go on forever";
    private static final String GO_GIVES_UP = "invariant 5";

    /**
     * A clause that is taken away or changed, and a scenario in which that breaks an invariant.
     *
     * @param name the name of the clause
     * @param rule the rule without it
     * @param partner the partner in the scenario
     * @param connections the maximum number of connections
     * @param setting what else happens
     * @param broken the invariant that breaks
     * @param steps the length of the shortest path
     */
    record Case(
            String name,
            Behaviour<?> rule,
            Partner partner,
            int connections,
            Setting setting,
            String broken,
            int steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case without(
            Ablation clause, Partner partner, int connections, Setting setting, String broken, int steps) {
        return new Case(clause.name(), OurBehaviour.without(clause), partner, connections, setting, broken, steps);
    }

    private static Setting faults(int count) {
        return Setting.faults(count);
    }

    private static Setting asked(int faults) {
        return faults(faults).withAsks(1, 0, AskTime.ANY);
    }

    private static Setting fork(Clocks clocks) {
        return faults(0).with(clocks);
    }

    static Stream<Case> quick() {
        return Stream.of(starting(), due(), through()).flatMap(List::stream);
    }

    private static List<Case> starting() {
        return List.of(
                without(Ablation.ONE_OF_OURS_AT_A_TIME, Partner.SEED, 2, faults(0), "invariant 3", 2),
                without(Ablation.LET_THE_PEER_FINISH, Partner.SEED, 1, faults(1), ECONOMY, 5),
                without(Ablation.HOWEVER_IT_ENDS, Partner.SEED, 1, faults(1), "invariant 1", 8),
                without(Ablation.ASK_ON_EACH_OUTBOUND, Partner.GO, 2, faults(1), GO_GIVES_UP, 11),
                without(Ablation.ASK_AFTER_THE_PEER, Partner.GO, 2, faults(1), ECONOMY, 11),
                without(Ablation.REDO_AFTER_WAIT, Partner.SEED, 1, faults(1), CIRCLE, 9),
                without(Ablation.WAIT, Partner.SEED, 1, faults(1), "invariant 1", 4),
                without(Ablation.WAIT_PER_PEER, Partner.SEED, 2, faults(1), "invariant 1", 8),
                without(Ablation.RETRY, Partner.SEED, 1, faults(1), "invariant 1", 4),
                without(Ablation.TRIES_PER_CONNECTION, Partner.SEED, 2, faults(1), "invariant 1", 10),
                without(Ablation.CLOSE_IS_NO_TRY, Partner.SEED, 1, faults(1), "invariant 1", 5),
                without(Ablation.LAST_CLOSE_IS_TOLD, Partner.SEED, 1, faults(1), "invariant 1", 2),
                without(Ablation.COVER_ENDS, Partner.SEED, 2, faults(1), "invariant 1", 8),
                without(Ablation.FORGET_AT_ZERO, Partner.SEED, 1, faults(1), "invariant 4", 2),
                without(Ablation.COMPLETED_ONCE, Partner.OURS, 1, faults(0), "invariant 2", 9));
    }

    private static List<Case> due() {
        Setting bothAsked = faults(0).withAsks(1, 1, AskTime.ANY);
        return List.of(
                without(Ablation.REPEAT, Partner.GO, 1, faults(0), GO_GIVES_UP, 8),
                without(Ablation.REPEAT_OF_INBOUND, Partner.GO, 2, faults(1), GO_GIVES_UP, 11),
                without(Ablation.REPEAT_IS_TRIED_AGAIN, Partner.GO, 1, faults(1), GO_GIVES_UP, 12),
                without(Ablation.DUE_WHERE_THE_PEER_IS_NOT_ASKING, Partner.OURS, 2, faults(0), ECONOMY, 14),
                without(Ablation.ASK_IS_DUE, Partner.SEED, 1, bothAsked, "invariant 8", 6),
                without(Ablation.ASK_RENEWS_TRIES, Partner.SEED, 1, asked(1), "invariant 8", 9),
                without(Ablation.STALE_IS_NO_ANSWER, Partner.SEED, 1, bothAsked, "invariant 8", 6),
                without(Ablation.ASK_FAILURE_IS_TOLD, Partner.SEED, 1, asked(1), "invariant 8", 13),
                without(Ablation.PATIENCE_ENDS, Partner.SILENT, 1, faults(0), "invariant 10", 20),
                remembering(Change.SPARES_WHO_HAS_EVER_ASKED, 5, Partner.GO, faults(1), GO_GIVES_UP, 16),
                remembering(
                        Change.SPARES_WHO_HAS_ASKED_ON_AN_OPEN_CONNECTION, 5, Partner.GO, faults(1), GO_GIVES_UP, 16),
                remembering(Change.PATIENCE_BY_TIME, 5, Partner.SILENT, faults(0), ECONOMY, 5),
                remembering(Change.PATIENCE_BY_TIME, 6, Partner.SILENT, faults(0), ECONOMY, 5));
    }

    private static Case remembering(
            Change change, int seconds, Partner partner, Setting setting, String broken, int steps) {
        int connections = partner == Partner.SILENT ? 1 : 2;
        String name = change + " " + seconds;
        return new Case(name, new RememberingBehaviour(change, seconds), partner, connections, setting, broken, steps);
    }

    private static List<Case> through() {
        OurBehaviour ours = OurBehaviour.whole();
        return List.of(
                new Case(
                        "own info read once",
                        ours.withNetworks(Networks.SAYS_THE_FIRST),
                        Partner.SEED,
                        1,
                        fork(Clocks.TOGETHER),
                        "invariant 7",
                        9),
                new Case(
                        "accepted set read at the start",
                        ours.withNetworks(Networks.ACCEPTS_AS_ASKED),
                        Partner.SEED,
                        1,
                        fork(Clocks.TOGETHER),
                        "invariant 7",
                        8),
                new Case(
                        "the rule before: only the own network accepted",
                        ours.withNetworks(Networks.STRICT),
                        Partner.SEED,
                        1,
                        fork(Clocks.TOGETHER),
                        "invariant 7",
                        7),
                new Case("skew larger than the window", ours, Partner.SEED, 1, fork(Clocks.APART), "invariant 7", 6));
    }

    static List<Case> slow() {
        OurBehaviour ours = OurBehaviour.whole();
        return List.of(
                without(Ablation.ASK_AGAIN, Partner.GO, 2, faults(2), GO_GIVES_UP, 13),
                without(Ablation.START_OUTBOUND, Partner.GO, 2, faults(2), GO_GIVES_UP, 15),
                without(Ablation.REDO_AFTER_DEATH, Partner.GO, 2, faults(2), GO_GIVES_UP, 15),
                without(Ablation.DUE_BEFORE_OUTBOUND, Partner.GO, 2, faults(2), GO_GIVES_UP, 19),
                without(Ablation.CLOSE_COUNTS_FOR_PATIENCE, Partner.SILENT, 2, faults(0), "invariant 10", 19),
                // The repeat and three exchanges of 5 s: 18 s with a repeat after 3 s, and 20 s with one after 5 s.
                new Case("repeat after 5 s", ours.withRepeat(5), Partner.GO, 2, faults(2), GO_GIVES_UP, 18),
                // Go gives up at 20 s, and two stalls of 10 s take as long.
                new Case("a deadline of 10 s", ours.withDeadline(10), Partner.GO, 1, faults(2), GO_GIVES_UP, 10));
    }

    @ParameterizedTest
    @MethodSource("quick")
    void noClauseCanBeSpared(Case ablation) {
        assertBroken(ablation);
    }

    @Tag("explore")
    @ParameterizedTest
    @MethodSource("slow")
    void noOtherClauseCanBeSparedEither(Case ablation) {
        assertBroken(ablation);
    }

    private static void assertBroken(Case ablation) {
        Exploration.Result shortest = Exploration.Result.clean();
        for (int connections = 1; connections <= ablation.connections && shortest.isClean(); connections++) {
            for (Scenario scenario : ablation.partner.scenarios(ablation.rule, connections, ablation.setting)) {
                Exploration.Result result = Exploration.explore(scenario);
                boolean isShorter = shortest.isClean()
                        || result.path().size() < shortest.path().size();
                if (!result.isClean() && isShorter) {
                    shortest = result;
                }
            }
        }

        ExplorationTest.print("without " + ablation.name, shortest);
        assertThat(shortest.violation()).startsWith(ablation.broken);
        assertThat(shortest.path()).hasSize(ablation.steps);
    }
}
