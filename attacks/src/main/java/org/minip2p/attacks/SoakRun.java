package org.minip2p.attacks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.attacks.SoakFigures.Column;
import org.minip2p.core.testing.ChildProcess;

/** The command {@code attacks/soak}: runs hours of ordinary churn beside honest traffic, and checks that nothing grows. */
public final class SoakRun {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final long SAMPLE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final int NOT_FLAT = 1;
    private static final int NOT_UNDERSTOOD = 2;

    private final SoakOptions options;
    private final PrintStream out;
    private final SoakFigures figures = new SoakFigures();
    private final AtomicLong memoryErrors = new AtomicLong();
    private long failures;
    private long lost;
    private String firstFailure = "";

    private SoakRun(SoakOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Runs the command; the exit code is 0 when nothing grew, no honest connection was lost and the victim reported no lack of memory, 1
     * otherwise, and 2 for wrong arguments.
     */
    public static void main(String[] args) throws Exception {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        SoakOptions options;
        try {
            options = SoakOptions.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("attacks/soak: " + e.getMessage());
            err.println("usage: attacks/soak " + SoakOptions.USAGE);
            return NOT_UNDERSTOOD;
        }
        return new SoakRun(options, out).run() ? 0 : NOT_FLAT;
    }

    private boolean run() throws IOException, InterruptedException {
        try (ChildProcess<Line> victim = Processes.victim(
                options.allocator(), 0, List.of("backend=" + options.backend()), memoryErrors::incrementAndGet)) {
            long port = victim.await("port", line -> line.isEvent("listening"), START)
                    .number("port");
            try (ChildProcess<Line> honest = Processes.honest(port)) {
                honest.await("start", line -> line.isEvent("ready"), START);
                try (ChildProcess<Line> churn =
                        Processes.attacker("churn", port, options.duration().toSeconds() + 60)) {
                    churn.await("start", line -> line.isEvent("attacking"), START);
                    sample(victim, honest);
                }
            }
        } catch (ChildProcess.Failure e) {
            firstFailure = Processes.summary(e);
            out.println("ended early: " + firstFailure);
        }
        return conclude();
    }

    private void sample(ChildProcess<Line> victim, ChildProcess<Line> honest) throws IOException, InterruptedException {
        Path csv = csv();
        Files.createDirectories(csv.toAbsolutePath().getParent());
        Files.writeString(csv, SoakFigures.csvHeader() + "\n");
        out.println(SoakFigures.csvHeader());
        long begun = System.nanoTime();
        honest.send("begin");
        while (System.nanoTime() - begun < options.duration().toNanos()) {
            Thread.sleep(SAMPLE_MILLIS);
            honest.send("end");
            Line window = honest.await("window", line -> line.isEvent("window"), ANSWER);
            note(window);
            victim.send("figures");
            Line line = victim.await("figures", seen -> seen.isEvent("figures"), ANSWER);
            honest.send("begin"); // after the collection, whose pause no peer has caused
            Map<String, Number> members = new HashMap<>();
            line.members().forEach((name, value) -> {
                if (value instanceof Number number) {
                    members.put(name, number);
                }
            });
            members.put("p99Micros", window.number("p99Micros"));
            String row = figures.add((System.nanoTime() - begun) / 6e10, members);
            Files.writeString(csv, row + "\n", StandardOpenOption.APPEND);
            out.println(row);
        }
    }

    private void note(Line window) {
        failures += window.number("failures");
        lost += window.number("lost");
        if (firstFailure.isEmpty()) {
            firstFailure = window.text("firstFailure");
        }
    }

    private Path csv() {
        return Path.of(System.getProperty("attacks.target", "attacks/target"), name() + ".csv");
    }

    private String name() {
        return "soak-" + options.allocator() + "-" + options.backend();
    }

    private boolean conclude() throws IOException {
        List<String> growth = figures.growth();
        double minutes = figures.lastMinute();
        boolean good = growth.isEmpty() && lost == 0 && memoryErrors.get() == 0;
        String verdict = String.format(
                Locale.ROOT,
                "%.0f minutes, allocator %s, %s: %s. Honest calls that failed: %d, connections lost: %d%s.",
                minutes,
                options.allocator(),
                options.backend(),
                growth.isEmpty() ? "nothing grew" : "grew: " + String.join("; ", growth),
                failures,
                lost,
                firstFailure.isEmpty() ? "" : " (" + firstFailure + ")");
        out.println(verdict);
        if (figures.size() > 0) {
            String svg = figures.chart(
                            "A soak of " + Math.round(minutes) + " minutes, allocator " + options.allocator())
                    .svg();
            Files.writeString(csv().resolveSibling(name() + ".svg"), svg);
            if (options.write()) {
                writePage(verdict, svg);
            }
        }
        return good;
    }

    private void writePage(String verdict, String svg) throws IOException {
        Path folder = AttacksPage.folder();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name() + ".svg"), svg);
        Files.copy(csv(), folder.resolve(name() + ".csv"), StandardCopyOption.REPLACE_EXISTING);
        StringBuilder text = new StringBuilder(AttacksPage.machine())
                .append("\n\n")
                .append(verdict)
                .append("\n\n");
        text.append("| | first minute | median | last minute |\n|---|--:|--:|--:|\n");
        for (Column column : Column.values()) {
            List<Double> values = figures.values(column);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f |%n",
                    column.title,
                    values.get(0),
                    SoakFigures.median(values),
                    values.get(values.size() - 1)));
        }
        text.append("\n![The soak's curves](attacks/")
                .append(name())
                .append(".svg) ([figures](attacks/")
                .append(name())
                .append(".csv))\n");
        AttacksPage.replace("Soak, allocator " + options.allocator() + ", " + options.backend(), text.toString());
    }
}
