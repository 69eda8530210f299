package org.minip2p.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a soak concludes from its figures, and its command line. */
class SoakTest {
    private static final Map<String, Long> QUIET = Map.of(
            "heapBytes", 12L << 20,
            "directNow", 6L << 20,
            "descriptors", 80L,
            "threads", 12L,
            "timers", 300L,
            "mapEntries", 20_000L,
            "ownObjects", 9_000L,
            "connections", 20L,
            "heldNow", 4_096L,
            "p99Micros", 20_000L);

    private static SoakFigures figures(String growing, long perMinute) {
        SoakFigures figures = new SoakFigures();
        for (int minute = 1; minute <= 30; minute++) {
            Map<String, Long> members = new HashMap<>(QUIET);
            members.merge(growing, minute * perMinute, Long::sum);
            figures.add(minute, members);
        }
        return figures;
    }

    @Test
    void isFlatWhenNothingGrows() {
        assertThat(figures("heapBytes", 0).growth()).isEmpty();
    }

    @Test
    void saysWhatGrows() {
        assertThat(figures("heapBytes", 1 << 20).growth())
                .singleElement()
                .asString()
                .startsWith("heap after collection, MiB: 2");
        assertThat(figures("descriptors", 4).growth())
                .singleElement()
                .asString()
                .startsWith("descriptors: ");
        assertThat(figures("timers", 40).growth()).singleElement().asString().startsWith("timers: ");
    }

    @Test
    void takesNoGrowthThatIsLittle() {
        assertThat(figures("heapBytes", 10_000).growth()).isEmpty();
        assertThat(figures("descriptors", 1).growth()).isEmpty();
    }

    @Test
    void takesNoGrowthOfTheFirstThirdForOne() {
        SoakFigures figures = new SoakFigures();
        for (int minute = 1; minute <= 30; minute++) {
            Map<String, Long> members = new HashMap<>(QUIET);
            members.put("heapBytes", (long) Math.min(minute, 10) << 20);
            figures.add(minute, members);
        }

        assertThat(figures.growth()).isEmpty();
    }

    @Test
    void saysNothingOfAFewMinutes() {
        SoakFigures figures = new SoakFigures();
        figures.add(1, QUIET);

        assertThat(figures.growth()).containsExactly("only 1 minutes: nothing can be said");
    }

    @Test
    void writesARowOfAsManyValuesAsItsHeader() {
        SoakFigures figures = new SoakFigures();
        String row = figures.add(1, QUIET);

        assertThat(row).startsWith("1.00,12.00,6.00,80.00,").endsWith(",20.00");
        assertThat(row.split(",", -1)).hasSameSizeAs(SoakFigures.csvHeader().split(",", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> figures.add(2, Map.of()));
    }

    @Test
    void drawsOnePanelForEachColumn() {
        String svg = figures("heapBytes", 1_000).chart("A <soak>").svg();

        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains("A &lt;soak&gt;");
        assertThat(svg.split("<polyline", -1)).hasSize(SoakFigures.Column.values().length + 1);
    }

    @Test
    void refusesCurvesWithoutTheirMinutes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineChart.Panel("p", List.of(1.0), List.of(1.0, 2.0)))
                .withMessage("1 minutes, but 2 values");
    }

    @Test
    void countsTheObjectsOfAHistogram() {
        HeapObjects objects = HeapObjects.parse("""
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:          7000         224000  java.util.HashMap$Node (java.base@17)
                   2:            12            480  io.netty.util.concurrent.ScheduledFutureTask
                   3:             3             72  org.minip2p.host.Host
                   4:             2             72  org.minip2p.yamux.YamuxStream
                Total         7017         224624
                """);

        assertThat(objects.count("io.netty.util.concurrent.ScheduledFutureTask"))
                .isEqualTo(12);
        assertThat(objects.mapEntries()).isEqualTo(7_000);
        assertThat(objects.countBelow("org.minip2p.")).isEqualTo(5);
        assertThat(objects.count("no.such.Class")).isZero();
    }

    @Test
    void addsHoursAndMinutes() {
        SoakOptions options = SoakOptions.parse(List.of("--hours", "2", "--minutes", "30", "--allocator", "pooled"));

        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(150));
        assertThat(options.allocator()).isEqualTo("pooled");
    }

    @Test
    void refusesWhatItDoesNotUnderstandWithTheUsage() throws Exception {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--hours"),
                List.of("--hours", "x"),
                List.of("--minutes", "-1"),
                List.of("--hours", "241"),
                List.of("--days", "1"),
                List.of("--minutes", "1", "--allocator", "jemalloc"))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();

            assertThat(SoakRun.run(arguments, new PrintStream(new ByteArrayOutputStream()), new PrintStream(err)))
                    .as("%s", arguments)
                    .isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: attacks/soak ");
        }
    }
}
