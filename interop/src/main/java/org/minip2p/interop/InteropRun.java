package org.minip2p.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs the matrix: {@code interop/run [--smoke] [--json] [--peer NAME]… [--case TEXT]… [--parallel N]}.
 *
 * <p>The exit code is 0 if no cell failed except by its peer's own fault, 2 for wrong arguments, and 1 otherwise. A full run of all cells
 * with all peers writes {@code docs/interop.md}.
 */
public final class InteropRun {
    private static final List<Peers> SMOKE = List.of(Peers.JS, Peers.GO);
    private static final int PARALLEL = 3;

    private boolean smoke;
    private boolean json;
    private int parallel = PARALLEL;
    private final List<Peers> peers = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    private InteropRun(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--smoke" -> smoke = true;
                case "--json" -> json = true;
                case "--peer" -> peers.add(Peers.of(value(arguments, ++i)));
                case "--case" -> texts.add(value(arguments, ++i));
                case "--parallel" -> parallel = Integer.parseInt(value(arguments, ++i));
                default ->
                    throw new IllegalArgumentException("unknown argument " + arguments.get(i)
                            + ", expected --smoke, --json, --peer NAME, --case TEXT or --parallel N");
            }
        }
        if (parallel < 1) {
            throw new IllegalArgumentException("--parallel needs at least 1, not " + parallel);
        }
    }

    private static String value(List<String> arguments, int i) {
        if (i >= arguments.size()) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a value");
        }
        return arguments.get(i);
    }

    /** Runs what the arguments ask for. */
    public static void main(String[] args) throws Exception {
        InteropRun run;
        try {
            run = new InteropRun(Arrays.asList(args));
        } catch (IllegalArgumentException e) {
            System.err.println("interop: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run.run() ? 0 : 1);
    }

    private boolean run() throws InterruptedException, IOException {
        long start = System.nanoTime();
        boolean whole = !smoke && peers.isEmpty() && texts.isEmpty();
        List<Peers> wanted = !peers.isEmpty() ? peers : smoke ? SMOKE : List.of(Peers.values());
        List<Cell> cells =
                Matrix.cells(wanted, name -> texts.isEmpty() || texts.stream().anyMatch(name::contains));
        Map<Cell, Outcome> outcomes = Matrix.run(
                cells,
                smoke ? Scale.SMOKE : Scale.FULL,
                parallel,
                Peers::isBuilt,
                (cell, outcome) -> System.out.println(json ? Report.json(cell, outcome) : Report.line(cell, outcome)));
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        Report report = new Report(outcomes);
        if (!json) {
            System.out.println("\n" + report.markdown());
        }
        System.err.println(report.summary() + ", " + seconds + " s");
        if (whole && Arrays.stream(Peers.values()).allMatch(Peers::isBuilt)) {
            Path page = Path.of(System.getProperty("interop.page"));
            String forks = ForkPage.sectionsOf(Files.exists(page) ? Files.readString(page) : "");
            Files.writeString(page, InteropPage.text(report, seconds) + forks);
            System.err.println("written: " + page.getFileName());
        }
        return report.count(Outcome.Kind.FAILED) == 0;
    }
}
