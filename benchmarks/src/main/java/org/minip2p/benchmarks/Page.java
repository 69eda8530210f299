package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.minip2p.benchmarks.BarChart.Bar;

/**
 * The page of a full run: a template with prose, into which the tables are inserted.
 *
 * @param template the prose, with {@code {{machine}}}, {@code {{beside}}}, {@code {{targets}}}, {@code {{figures}}} and {@code {{charts}}}
 *     on lines of their own
 * @param machine the description of the machine, in lines
 * @param results the results of each variant
 */
record Page(String template, List<String> machine, List<Results> results) {
    private static final String HEADER =
            "| figure | value | unit | floor | ratio | target | met |\n|---|--:|---|--:|--:|--:|---|\n";

    /**
     * The results of one variant.
     *
     * @param title the title of the variant
     * @param figures in the order of the parts
     */
    record Results(String title, List<Figure> figures) {
        Optional<Figure> figure(String name) {
            return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
        }
    }

    /**
     * A chart and its file.
     *
     * @param file the name of the file
     */
    record Chart(String file, BarChart chart) {}

    String text() {
        return template.replace("{{machine}}", list(machine))
                .replace("{{beside}}", new BesideOthers(results).text())
                .replace("{{targets}}", tables(true))
                .replace("{{figures}}", tables(false))
                .replace(
                        "{{charts}}",
                        charts().stream()
                                .map(chart -> "![" + chart.chart().title() + "](benchmarks/" + chart.file() + ")")
                                .collect(Collectors.joining("\n\n")));
    }

    private static String list(List<String> lines) {
        return lines.stream().map(line -> "- " + line).collect(Collectors.joining("\n"));
    }

    private String tables(boolean withTarget) {
        return results.stream()
                .map(result -> table(
                        result.title(),
                        result.figures().stream()
                                .filter(figure -> (figure.target() != null) == withTarget)
                                .toList()))
                .filter(table -> !table.isEmpty())
                .collect(Collectors.joining("\n\n"));
    }

    private static String table(String title, List<Figure> figures) {
        if (figures.isEmpty()) {
            return "";
        }
        return "### " + title + "\n\n" + HEADER
                + figures.stream().map(Page::row).collect(Collectors.joining("\n"));
    }

    private static String row(Figure figure) {
        Double floor = figure.floor();
        Double ratio = figure.ratio();
        Boolean met = figure.isMet();
        return "| `" + figure.name() + "` | " + Figure.number(figure.value()) + " | " + figure.unit() + " | "
                + (floor == null ? "" : Figure.number(floor)) + " | " + (ratio == null ? "" : Figure.number(ratio))
                + " | "
                + (figure.target() == null ? "" : figure.target()) + " | " + (met == null ? "" : met ? "yes" : "**no**")
                + " |";
    }

    /** The charts for which there are figures. */
    List<Chart> charts() {
        List<Chart> charts = new ArrayList<>();
        add(
                charts,
                "bulk.svg",
                "One stream in bulk, and its floors, MiB/s",
                List.of("bulk/raw", "bulk/noise", "bulk/stream"));
        add(
                charts,
                "ping-pong.svg",
                "32 bytes there and back, median, µs",
                List.of("ping-pong/raw", "ping-pong/noise", "ping-pong/stream"));
        add(charts, "streams.svg", "Streams opened, used and closed, per second", List.of("streams/one", "streams/64"));
        add(
                charts,
                "connections.svg",
                "Connections made, used and closed, per second",
                List.of("connections/one", "connections/8"));
        addPerf(charts, "up");
        addPerf(charts, "down");
        return charts;
    }

    private void add(List<Chart> charts, String file, String title, List<String> names) {
        List<Bar> bars = new ArrayList<>();
        for (String name : names) {
            for (Results result : results) {
                result.figure(name)
                        .ifPresent(figure -> bars.add(new Bar(
                                name + ", " + result.title(),
                                figure.value(),
                                !name.endsWith("/raw") && !name.endsWith("/noise"))));
            }
        }
        if (!bars.isEmpty()) {
            charts.add(new Chart(file, new BarChart(title, bars)));
        }
    }

    /** Shows minip2p on each variant that measured it, and the others on the first variant that measured them. */
    private void addPerf(List<Chart> charts, String direction) {
        List<Bar> bars = new ArrayList<>();
        for (Results result : results) {
            result.figure("perf/minip2p/" + direction)
                    .ifPresent(figure -> bars.add(new Bar("minip2p, " + result.title(), figure.value(), true)));
        }
        for (String peer : PerfPart.PEERS) {
            results.stream()
                    .flatMap(result -> result.figure("perf/minip2p/against-" + peer + "/" + direction).stream())
                    .map(Figure::floor)
                    .findFirst()
                    .ifPresent(floor -> bars.add(new Bar(peer + "-libp2p", floor, false)));
        }
        if (bars.size() > 1) {
            charts.add(new Chart(
                    "perf-" + direction + ".svg",
                    new BarChart("1 GiB " + direction + " between two processes, MiB/s", bars)));
        }
    }
}
