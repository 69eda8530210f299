package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkPlanTest {
    @ParameterizedTest
    @EnumSource
    void readsItsOwnArguments(WorkKind kind) {
        WorkPlan plan = new WorkPlan(kind, 0, 3, 1);

        assertThat(WorkPlan.parse(plan.arguments())).isEqualTo(plan);
    }

    @Test
    void fillsInWhatIsMissing() {
        assertThat(WorkPlan.parse(List.of("--kind", "streams-64")))
                .isEqualTo(new WorkPlan(WorkKind.STREAMS_64, 5, 5, 2));
    }

    @Test
    void namesTheKindsInsteadOfAnUnknownOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkPlan.parse(List.of("--kind", "nothing")))
                .withMessage("unknown kind \"nothing\", expected one of streams, streams-64, connections, ping-pong,"
                        + " bulk");
    }

    @Test
    void refusesWhatIsNoPlan() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--kind"),
                List.of("--kind", "streams", "--rounds", "0"),
                List.of("--kind", "streams", "--seconds", "0"),
                List.of("--kind", "streams", "--seconds", "x"),
                List.of("--kind", "streams", "--warm-up", "-1"),
                List.of("--kind", "streams", "--more", "1"))) {
            assertThatIllegalArgumentException().as("%s", arguments).isThrownBy(() -> WorkPlan.parse(arguments));
        }
    }

    @Test
    void waitsLongerThanTheRoundsTake() {
        assertThat(new WorkPlan(WorkKind.STREAMS, 5, 5, 2).limit()).hasSeconds(45);
    }
}
