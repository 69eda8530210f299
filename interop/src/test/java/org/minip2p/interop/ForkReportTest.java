package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.host.DialCondition;

/** The table and the JSON line that report the fork rounds. */
class ForkReportTest {

    private static final ForkRunOptions OPTIONS = ForkRunOptions.parse(List.of("--rounds", "2"));

    private static ForkOutcome outcome(
            ForkPhase phase, int skewMillis, int connections, List<String> weTold, @Nullable Duration gone) {
        List<ForkOutcome.Close> closes = connections > 0
                ? List.of()
                : List.of(new ForkOutcome.Close(phase == ForkPhase.STAYS, "network-mismatch", gone != null));
        return new ForkOutcome(
                new ForkPlan.Round(
                        phase,
                        0,
                        0,
                        Duration.ofMillis(skewMillis),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        DialCondition.ALWAYS),
                2,
                1,
                true,
                true,
                weTold,
                List.of(),
                closes,
                connections > 0 || gone != null,
                false,
                connections,
                connections,
                gone);
    }

    private static ForkReport report() {
        ForkReport report = new ForkReport(OPTIONS);
        report.add(
                Peers.RUST,
                List.of(
                        outcome(ForkPhase.INSIDE, 500, 1, List.of(), null),
                        outcome(ForkPhase.INSIDE, -2_500, 0, List.of(), null),
                        outcome(ForkPhase.AFTER, 500, 1, List.of(), null),
                        outcome(ForkPhase.STAYS, 0, 0, List.of("network-mismatch"), Duration.ofMillis(40)),
                        outcome(ForkPhase.STAYS, 0, 0, List.of("network-mismatch"), Duration.ofMillis(60))));
        return report;
    }

    private static List<String> cells(String markdown, String first, String second, String third) {
        return markdown.lines()
                .map(line -> List.of(line.split("\\|", -1)).stream()
                        .map(String::strip)
                        .toList())
                .filter(cells -> cells.size() > 4 && cells.subList(1, 4).equals(List.of(first, second, third)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsEachPhaseAndThoseInsideBySkewAsWell() {
        String[] tables = report().markdown().split("\n\n");

        assertThat(tables).hasSize(2);
        assertThat(cells(tables[0], "rust", "inside the window", "").get(4)).isEqualTo("2");
        assertThat(cells(tables[0], "rust", "inside the window", "0 to 1 s").get(4))
                .isEqualTo("1");
        assertThat(cells(tables[1], "rust", "inside the window", "2 to 3 s")).endsWith("1 network-mismatch", "", "");
        assertThat(cells(tables[1], "rust", "before the fork; the peer stays on the old network", ""))
                .contains("2 network-mismatch, after the repeat", "40 ms, 60 ms");
        for (String table : tables) {
            assertThat(table).doesNotContain("1 to 2 s");
            assertThat(table.lines()
                            .map(line -> line.chars().filter(c -> c == '|').count())
                            .distinct())
                    .as("the distinct numbers of cells in a row")
                    .hasSize(1);
        }
    }

    @Test
    void writesWithWhichCommandThePageWasMade() {
        List<String> arguments = List.of("--rounds", "2", "--write");

        String text = ForkPage.text(arguments, ForkRunOptions.parse(arguments), report());

        assertThat(text)
                .contains("`interop/run forks --rounds 2 --write`: 2 rounds", "a window of 10 s", "up to 3 s apart")
                .contains(report().markdown());
    }

    @ParameterizedTest
    @CsvSource({"0, 0 to 1 s", "-1000, 0 to 1 s", "1001, 1 to 2 s", "-3000, 2 to 3 s"})
    void countsASkewWithThoseUpToTheNextSecond(int skewMillis, String expected) {
        ForkReport report = new ForkReport(OPTIONS);

        report.add(Peers.GO, List.of(outcome(ForkPhase.INSIDE, skewMillis, 1, List.of(), null)));

        assertThat(cells(report.markdown(), "go", "inside the window", expected).get(4))
                .isEqualTo("1");
    }

    @Test
    void namesNoFaultsWhenOurOwnNetworkAloneIsAccepted() {
        ForkReport report = new ForkReport(ForkRunOptions.parse(List.of("--own-network-only")));

        report.add(Peers.GO, List.of(outcome(ForkPhase.INSIDE, 0, 0, List.of("network-mismatch"), null)));

        assertThat(report.faults()).isEmpty();
        assertThat(report.markdown()).contains("1 network-mismatch");
    }

    @Test
    void writesOneJsonObjectOnOneLine() throws IOException {
        ForkReport report = report();
        report.skip("the go peer is not built");

        JsonLine json = JsonLine.parse(report.json());

        assertThat(json.number("rounds")).isEqualTo(2);
        assertThat(json.number("windowSeconds")).isEqualTo(10);
        assertThat(json.texts("skipped")).containsExactly("the go peer is not built");
        List<?> rows = (List<?>) json.members().get("rows");
        assertThat(rows).hasSize(5);
        Map<?, ?> last = (Map<?, ?>) rows.get(rows.size() - 1);
        assertThat(last.get("dials")).isEqualTo("before the fork; the peer stays on the old network");
        assertThat(last.get("askToLastCloseMillisMax")).isEqualTo(60);
        assertThat(last.get("closedByUs")).isEqualTo(Map.of("network-mismatch, after the repeat", 2));
    }

    @Test
    void namesEachFaultWithItsPeer() {
        ForkReport report = report();
        report.fail(Peers.GO, new AssertionError("it died"));

        assertThat(report.faults()).hasSize(2);
        assertThat(report.faults().get(0)).startsWith("rust inside the window").contains("not connected");
        assertThat(report.faults().get(1))
                .startsWith("go: the rounds were not made")
                .contains("it died");
    }
}
