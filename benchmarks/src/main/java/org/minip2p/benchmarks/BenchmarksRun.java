package org.minip2p.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/**
 * Runs the benchmark: {@code benchmarks/run [--quick] [--json] [--here] [--only NAME]… [--page FOLDER]}.
 *
 * <p>A full run measures every {@link Variant} in a JVM of its own, by running this class again in it with {@code --here}, and writes the
 * page. The exit code is 0 even if a target is missed, 1 when a part has failed, and 2 for wrong arguments.
 */
public final class BenchmarksRun {
    /** Longer than any part takes without printing a line; the work of all implementations takes half an hour. */
    private static final Duration SILENCE = Duration.ofMinutes(60);

    /** Longer than a process takes to end after its last line. */
    private static final Duration END = Duration.ofMinutes(1);

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final List<String> only = new ArrayList<>();
    private @Nullable Path page;
    private boolean quick;
    private boolean json;
    private boolean here;
    private boolean failed;

    private BenchmarksRun(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--quick" -> quick = true;
                case "--json" -> json = true;
                case "--here" -> here = true;
                case "--page" -> page = Path.of(value(arguments, ++i));
                case "--only" -> only.add(Parts.of(value(arguments, ++i)).name());
                default ->
                    throw new IllegalArgumentException("unknown argument " + arguments.get(i)
                            + ", expected --quick, --json, --here, --only NAME or --page FOLDER");
            }
        }
    }

    private static String value(List<String> arguments, int i) {
        if (i == arguments.size()) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a value");
        }
        return arguments.get(i);
    }

    /** Runs what the arguments ask for. */
    public static void main(String[] args) throws Exception {
        BenchmarksRun run;
        try {
            run = new BenchmarksRun(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
            return;
        }
        Path root = Path.of(System.getProperty("benchmarks.root", "."));
        if (run.page != null) {
            run.measureAll(root, run.page);
        } else if (run.quick || run.here || !run.only.isEmpty()) {
            run.measureHere();
        } else {
            run.measureAll(root, root.resolve("docs"));
        }
        System.exit(run.failed ? 1 : 0);
    }

    /** Measures on this Java only, and writes no page. */
    private void measureHere() throws InterruptedException {
        Settings settings = Settings.of(quick);
        for (Part part : Parts.all()) {
            if (!only.isEmpty() && !only.contains(part.name())) {
                continue;
            }
            settings.say("== " + part.name());
            long started = System.nanoTime();
            try {
                part.run(settings).forEach(this::print);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failed = true;
                System.err.println("benchmarks: " + part.name() + " has failed");
                e.printStackTrace();
            }
            settings.say("== " + part.name() + ": "
                    + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
        }
    }

    private void print(Figure figure) {
        out.println(json ? figure.toJson() : line(figure));
    }

    private static String line(Figure figure) {
        Double ratio = figure.ratio();
        Boolean met = figure.isMet();
        return String.format(
                "%-48s %10s %-6s %10s  %-12s %s",
                figure.name(),
                Figure.number(figure.value()),
                figure.unit(),
                ratio == null ? "" : Figure.number(ratio) + " x",
                figure.target() == null ? "" : figure.target().toString(),
                met == null ? "" : met ? "met" : "MISSED");
    }

    /** Measures on every variant, and writes the page. */
    private void measureAll(Path root, Path folder) throws IOException {
        List<Page.Results> results = new ArrayList<>();
        List<Variant> variants = Variant.all();
        List<String> machine = Machine.lines(root, Settings.of(quick).peers(), variants);
        for (Variant variant : variants) {
            System.err.println("==== " + variant.title());
            results.add(new Page.Results(variant.title(), measure(variant)));
            write(folder, new Page(template(), machine, results)); // after each variant, in case the run is interrupted
        }
    }

    /** Measures a variant in a JVM of its own. */
    private List<Figure> measure(Variant variant) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--here", "--json"));
        if (quick) {
            arguments.add("--quick");
        }
        only.forEach(part -> arguments.addAll(List.of("--only", part)));
        List<String> command = Settings.command(variant.java(), BenchmarksRun.class, variant.options(), arguments);
        List<Figure> figures = new ArrayList<>();
        try (ChildProcess<String> program = ChildProcess.start(variant.title(), command, Stderr.INHERIT)) {
            for (var line = program.nextLine(SILENCE); line.isPresent(); line = program.nextLine(SILENCE)) {
                if (!line.get().isEmpty()) { // JMH prints empty lines
                    Figure figure = Figure.parse(line.get());
                    figures.add(figure);
                    print(figure.named(variant.name() + "/" + figure.name()));
                }
            }
            failed |= program.awaitExit(END) != 0;
        }
        return figures;
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(BenchmarksRun.class.getResourceAsStream("page.md"), "page.md")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(Path docs, Page page) throws IOException {
        Path charts = Files.createDirectories(docs.resolve("benchmarks"));
        for (Page.Chart chart : page.charts()) {
            Files.writeString(charts.resolve(chart.file()), chart.chart().svg());
        }
        Files.writeString(docs.resolve("benchmarks.md"), page.text());
        System.err.println("written: benchmarks.md and " + page.charts().size() + " charts");
    }
}
