package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plan: which nodes dial each other around a fork, and when. */
class ForkPlanTest {

    private static final ForkRunOptions OPTIONS = ForkRunOptions.parse(List.of("--rounds", "300", "--batch", "300"));
    private static final Duration WINDOW = OPTIONS.window();

    private static List<ForkPlan.Round> rounds(ForkPlan plan, ForkPhase phase) {
        return plan.rounds().stream().filter(round -> round.phase() == phase).toList();
    }

    @Test
    void dialsEachPairOnceAndInOrder() {
        ForkPlan plan = ForkPlan.follow(OPTIONS, 0);

        assertThat(plan.rounds())
                .hasSize(600)
                .isSortedAccordingTo(Comparator.comparing(ForkPlan.Round::at))
                .extracting(round -> round.ours() * plan.nodes() + round.theirs())
                .doesNotHaveDuplicates()
                .allMatch(pair -> pair >= 0 && pair < plan.nodes() * plan.nodes());
    }

    @Test
    void dialsHalfOfThoseInsideWhileClocksDisagreeAndNoneOutside() {
        List<ForkPlan.Round> inside = rounds(ForkPlan.follow(OPTIONS, 0), ForkPhase.INSIDE);

        assertThat(inside)
                .hasSize(300)
                .extracting(ForkPlan.Round::at)
                .allSatisfy(at -> assertThat(at).isBetween(WINDOW.negated(), WINDOW));
        assertThat(inside)
                .filteredOn(round -> round.at().abs().compareTo(Duration.ofSeconds(4)) <= 0)
                .hasSizeBetween(150, 260);
    }

    @Test
    void dialsTheOthersWhenTheWindowIsOver() {
        assertThat(rounds(ForkPlan.follow(OPTIONS, 0), ForkPhase.AFTER))
                .hasSize(300)
                .extracting(ForkPlan.Round::at)
                .allSatisfy(at -> assertThat(at).isGreaterThan(WINDOW));
    }

    @Test
    void dialsAPeerThatStaysSoEarlyThatARepeatIsBeforeTheFork() {
        ForkPlan plan = ForkPlan.stay(OPTIONS, 0);

        assertThat(plan.rounds())
                .hasSize(300)
                .allSatisfy(round -> assertThat(round.phase()).isEqualTo(ForkPhase.STAYS))
                .extracting(ForkPlan.Round::at)
                .allSatisfy(at -> assertThat(at).isLessThan(Duration.ofSeconds(-7)));
        assertThat(plan.begin()).isEqualTo(plan.rounds().get(0).at());
    }

    @Test
    void setsClocksFromAsFarBehindAsAllowedToAsFarAhead() {
        ForkPlan plan = ForkPlan.follow(OPTIONS, 0);

        assertThat(plan.skews()).hasSize(plan.nodes()).isSorted();
        assertThat(plan.skews().get(0)).isEqualTo(OPTIONS.skew().negated());
        assertThat(plan.skews().get(plan.nodes() - 1)).isEqualTo(OPTIONS.skew());
        assertThat(plan.rounds())
                .allSatisfy(
                        round -> assertThat(round.skew()).isEqualTo(plan.skews().get(round.theirs())));
        for (ForkPhase phase : List.of(ForkPhase.INSIDE, ForkPhase.AFTER)) {
            assertThat(rounds(plan, phase))
                    .as("%s", phase)
                    .extracting(ForkPlan.Round::skew)
                    .containsAll(plan.skews());
        }
    }

    @Test
    void isTheSameForTheSameSeedAndAnotherForAnother() {
        ForkRunOptions other = ForkRunOptions.parse(List.of("--rounds", "300", "--batch", "300", "--seed", "2"));

        assertThat(ForkPlan.follow(OPTIONS, 0))
                .isEqualTo(ForkPlan.follow(OPTIONS, 0))
                .isNotEqualTo(ForkPlan.follow(other, 0));
    }

    @Test
    void dividesTheRoundsIntoBatchesThatDiffer() {
        ForkRunOptions options = ForkRunOptions.parse(List.of("--rounds", "250"));

        assertThat(options.batches()).isEqualTo(3);
        assertThat(rounds(ForkPlan.follow(options, 0), ForkPhase.INSIDE)).hasSize(100);
        assertThat(rounds(ForkPlan.follow(options, 2), ForkPhase.INSIDE)).hasSize(50);
        assertThat(ForkPlan.stay(options, 1)).isNotEqualTo(ForkPlan.stay(options, 0));
    }

    @Test
    void plansASingleRound() {
        ForkPlan plan = ForkPlan.stay(ForkRunOptions.parse(List.of("--rounds", "1")), 0);

        assertThat(plan.nodes()).isEqualTo(1);
        assertThat(plan.rounds()).hasSize(1);
        assertThat(plan.end(ForkPhase.STAYS)).isEqualTo(plan.begin().plusSeconds(1));
    }
}
