package org.minip2p.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream of {@code /perf/1.0.0} between two processes: each of the other implementations against itself, ours against ours, and ours
 * with each of them in both roles. The same bytes up and down for all, a dial to warm the listener up, then the median.
 */
final class PerfPart {
    static final List<String> PEERS = List.of("js", "go", "rust");
    private static final List<String> QUICK_PEERS = List.of("js", "go");
    private static final String OURS = "minip2p";

    private static final long FULL_BYTES = 1L << 30;
    private static final long QUICK_BYTES = 64L << 20;
    private static final int RUNS = 5;
    private static final Duration START = Duration.ofSeconds(30);
    private static final int LIMIT_SECONDS = 120;

    /** What ours has to be of the others, by name, at least. */
    private static final Map<String, Double> TARGETS = Map.of("js", 2.8, "go", 1.0, "rust", 1.0);

    private final Settings settings;
    private final long bytes;
    private final int runs;

    private PerfPart(Settings settings) {
        this.settings = settings;
        bytes = settings.quick() ? QUICK_BYTES : FULL_BYTES;
        runs = settings.quick() ? 1 : RUNS;
    }

    /** The medians of one pair, in MiB/s. */
    private record Rates(double up, double down) {
        List<Figure> figures(String name) {
            return List.of(Figure.of(name + "/up", up, "MiB/s"), Figure.of(name + "/down", down, "MiB/s"));
        }
    }

    static List<Figure> run(Settings settings) throws IOException, InterruptedException {
        return new PerfPart(settings).run();
    }

    private List<Figure> run() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        Rates ours = measure(OURS, OURS);
        figures.addAll(ours.figures("perf/" + OURS));
        for (Map.Entry<String, Rates> peer : measurePeers().entrySet()) {
            String name = "perf/" + OURS + "/against-" + peer.getKey();
            double target = TARGETS.getOrDefault(peer.getKey(), 1.0);
            figures.add(Figure.of(name + "/up", ours.up(), "MiB/s")
                    .beside(peer.getValue().up())
                    .ratioAtLeast(target));
            figures.add(Figure.of(name + "/down", ours.down(), "MiB/s")
                    .beside(peer.getValue().down())
                    .ratioAtLeast(target));
            figures.addAll(measure(OURS, peer.getKey()).figures("perf/" + OURS + "-dials-" + peer.getKey()));
            figures.addAll(measure(peer.getKey(), OURS).figures("perf/" + peer.getKey() + "-dials-" + OURS));
        }
        return figures;
    }

    private Map<String, Rates> measurePeers() throws IOException, InterruptedException {
        Map<String, Rates> rates = new LinkedHashMap<>();
        for (String peer : settings.quick() ? QUICK_PEERS : PEERS) {
            if (Files.isExecutable(program(peer))) {
                rates.put(peer, measure(peer, peer));
            } else {
                settings.say("perf: " + peer + " is skipped, it is not built (interop/build-peers " + peer + ")");
            }
        }
        return rates;
    }

    private Path program(String peer) {
        return settings.peers().resolve(peer).resolve("peer");
    }

    private Rates measure(String dialer, String listener) throws IOException, InterruptedException {
        double[] up = new double[runs];
        double[] down = new double[runs];
        try (Program listening = Program.start(listen(listener))) {
            String first = listening.nextLine(START);
            String address = member(first, "addresses");
            for (int run = settings.quick() ? 0 : -1; run < runs; run++) { // the first warms it up
                String result = dial(dialer, address);
                if (run >= 0) {
                    up[run] = Double.parseDouble(member(result, "uploadMibPerSecond"));
                    down[run] = Double.parseDouble(member(result, "downloadMibPerSecond"));
                }
            }
        }
        Rates median = new Rates(median(up), median(down));
        settings.say("perf " + dialer + " dials " + listener + ": " + Figure.number(median.up()) + " MiB/s up, "
                + Figure.number(median.down()) + " down");
        return median;
    }

    private @Nullable String dial(String dialer, String address) throws IOException, InterruptedException {
        try (Program dialing = Program.start(command(
                dialer,
                List.of("dial", address, "perf", "--upload", "" + bytes, "--download", "" + bytes),
                List.of("--timeout", "" + LIMIT_SECONDS)))) {
            return dialing.lastLine(Duration.ofSeconds(LIMIT_SECONDS + 10));
        }
    }

    private List<String> listen(String listener) {
        return command(
                listener,
                listener.equals(OURS) ? List.of("listen", "--until-stdin-eof") : List.of("listen"),
                List.of());
    }

    /**
     * The command of a process.
     *
     * @param forPeers more arguments of the peers, which ours has not
     */
    private List<String> command(String who, List<String> arguments, List<String> forPeers) {
        List<String> all = new ArrayList<>();
        if (who.equals(OURS)) {
            all.add("--json");
            all.addAll(arguments);
            return settings.command("org.minip2p.cli.Cli", List.of(), all);
        }
        all.add(program(who).toString());
        all.addAll(arguments);
        all.addAll(forPeers);
        return all;
    }

    private static String member(@Nullable String json, String name) throws IOException {
        String member = json == null ? null : Program.member(json, name);
        if (member == null) {
            throw new IOException("no " + name + " in " + json);
        }
        return member;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
