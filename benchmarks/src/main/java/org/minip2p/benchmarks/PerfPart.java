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
import org.minip2p.core.Conscrypt;

/**
 * One stream of {@code /perf/1.0.0} between two processes: each of the other implementations against itself, ours against ours, and ours
 * with each of them in both roles. The same bytes up and down for all, one exchange to warm up, then the median of five. Ours does them all in
 * one process; the others' programs do one exchange and end, so only their listeners are warm.
 */
final class PerfPart {
    /** The option of a Java on which ours is measured with itself alone: once is enough for the other pairs. */
    static final String NOT_CROSSWISE = "-Dbenchmarks.crosswise=false";

    static final List<String> PEERS = List.of("js", "go", "rust");
    private static final List<String> QUICK_PEERS = List.of("js", "go");
    private static final String OURS = "minip2p";

    private static final long FULL_BYTES = 1L << 30;
    private static final long QUICK_BYTES = 64L << 20;
    private static final int RUNS = 3;
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** What ours has to be of the others, by name, at least. */
    private static final Map<String, Double> TARGETS = Map.of("js", 2.8, "go", 1.0, "rust", 1.0);

    private final Settings settings;
    private final long bytes;

    private PerfPart(Settings settings) {
        this.settings = settings;
        bytes = settings.quick() ? QUICK_BYTES : FULL_BYTES;
    }

    /** The medians of one pair, in MiB/s. */
    private record Rates(double up, double down) {
        @Override
        public String toString() {
            return Figure.number(up) + " MiB/s up, " + Figure.number(down) + " down";
        }

        List<Figure> figures(String name) {
            return List.of(Figure.of(name + "/up", up, "MiB/s"), Figure.of(name + "/down", down, "MiB/s"));
        }
    }

    /** Not without Conscrypt: with the JDK's cipher all pairs would take a quarter of an hour, to say what the bulk figures say as well. */
    static List<Figure> run(Settings settings) throws IOException, InterruptedException {
        if (Conscrypt.provider().isEmpty()) {
            settings.say("perf is skipped without Conscrypt");
            return List.of();
        }
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
            if (!isCrosswise()) {
                continue;
            }
            figures.addAll(measure(OURS, peer.getKey()).figures("perf/" + OURS + "-dials-" + peer.getKey()));
            figures.addAll(measure(peer.getKey(), OURS).figures("perf/" + peer.getKey() + "-dials-" + OURS));
        }
        return figures;
    }

    /** Whether this Java is the one that measures what is enough to be measured once. */
    static boolean isCrosswise() {
        return !"false".equals(System.getProperty("benchmarks.crosswise"));
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
        try (Program listening = Program.start(command(listener, List.of("listen")))) {
            String address = member(listening.nextLine(START), "addresses");
            int exchanges = exchanges(dialer.equals(listener));
            List<String> results = dialer.equals(OURS)
                    ? exchangesOfOne(address, exchanges)
                    : exchangesOfMany(dialer, address, exchanges);
            Rates cold = rates(results.subList(0, 1));
            Rates median = settings.quick() ? cold : rates(results.subList(1, results.size()));
            settings.say("perf " + dialer + " dials " + listener + ": " + median + " (the first " + cold + ")");
            return median;
        }
    }

    /** As many exchanges as are counted, which is one between different ones, and one before; in a quick run that one alone. */
    private int exchanges(boolean withItself) {
        if (settings.quick()) {
            return 1;
        }
        return withItself ? 1 + RUNS : 2;
    }

    /** A JVM compiles in its first exchange. */
    private List<String> exchangesOfOne(String address, int exchanges) throws IOException, InterruptedException {
        List<String> results = new ArrayList<>();
        try (Program dialing = Program.start(
                command(OURS, List.of("dial", address, Long.toString(bytes), Integer.toString(exchanges))))) {
            while (results.size() < exchanges) {
                String line = dialing.nextLine(LIMIT);
                if (line == null) {
                    throw new IOException("the end after " + results.size() + " exchanges of " + exchanges);
                }
                results.add(line);
            }
        }
        return results;
    }

    private List<String> exchangesOfMany(String dialer, String address, int exchanges)
            throws IOException, InterruptedException {
        String size = Long.toString(bytes);
        List<String> dial = List.of(
                "dial", address, "perf", "--upload", size, "--download", size, "--timeout", "" + LIMIT.toSeconds());
        List<String> results = new ArrayList<>();
        while (results.size() < exchanges) {
            try (Program dialing = Program.start(command(dialer, dial))) {
                String line = dialing.lastLine(LIMIT.plus(GRACE));
                if (line == null) {
                    throw new IOException(dialer + " has dialed without a result");
                }
                results.add(line);
            }
        }
        return results;
    }

    private List<String> command(String who, List<String> arguments) {
        if (who.equals(OURS)) {
            return settings.command(PerfNode.class.getName(), List.of(), arguments);
        }
        List<String> command = new ArrayList<>(arguments);
        command.add(0, program(who).toString());
        return command;
    }

    private static Rates rates(List<String> results) throws IOException {
        return new Rates(median(results, "uploadMibPerSecond"), median(results, "downloadMibPerSecond"));
    }

    private static double median(List<String> results, String name) throws IOException {
        double[] values = new double[results.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(member(results.get(i), name));
        }
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String member(@Nullable String json, String name) throws IOException {
        String member = json == null ? null : Program.member(json, name);
        if (member == null) {
            throw new IOException("no " + name + " in " + json);
        }
        return member;
    }
}
