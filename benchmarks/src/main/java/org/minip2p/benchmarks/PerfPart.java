package org.minip2p.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.minip2p.benchmarks.PeerLines.Rates;
import org.minip2p.core.Conscrypt;
import org.minip2p.core.testing.ChildProcess;

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
    private static final Duration LIMIT = Duration.ofMinutes(2);
    static final Duration GRACE = Duration.ofSeconds(10);

    /** What ours has to be of the others, by name, at least. */
    private static final Map<String, Double> TARGETS = Map.of("js", 2.8, "go", 1.0, "rust", 1.0);

    private final Settings settings;
    private final long bytes;

    private PerfPart(Settings settings) {
        this.settings = settings;
        bytes = settings.quick() ? QUICK_BYTES : FULL_BYTES;
    }

    /** Not without Conscrypt: with the JDK's cipher all pairs would take a quarter of an hour, to say what the bulk figures say as well. */
    static List<Figure> run(Settings settings) throws IOException {
        if (Conscrypt.provider().isEmpty()) {
            settings.say("perf is skipped without Conscrypt");
            return List.of();
        }
        return new PerfPart(settings).run();
    }

    private List<Figure> run() throws IOException {
        List<Figure> figures = new ArrayList<>();
        Rates ours = measure(OURS, OURS);
        figures.addAll(figures("perf/" + OURS, ours));
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
            figures.addAll(figures("perf/" + OURS + "-dials-" + peer.getKey(), measure(OURS, peer.getKey())));
            figures.addAll(figures("perf/" + peer.getKey() + "-dials-" + OURS, measure(peer.getKey(), OURS)));
        }
        return figures;
    }

    private static List<Figure> figures(String name, Rates rates) {
        return List.of(Figure.of(name + "/up", rates.up(), "MiB/s"), Figure.of(name + "/down", rates.down(), "MiB/s"));
    }

    /** Whether this Java is the one that measures what is enough to be measured once. */
    static boolean isCrosswise() {
        return !"false".equals(System.getProperty("benchmarks.crosswise"));
    }

    private Map<String, Rates> measurePeers() throws IOException {
        Map<String, Rates> rates = new LinkedHashMap<>();
        for (String peer : settings.quick() ? QUICK_PEERS : PEERS) {
            if (settings.hasPeer("perf", peer)) {
                rates.put(peer, measure(peer, peer));
            }
        }
        return rates;
    }

    private Rates measure(String dialer, String listener) throws IOException {
        try (ChildProcess<String> listening = PeerLines.start(command(listener, List.of("listen")))) {
            String address = PeerLines.awaitAddress(listening);
            int exchanges = exchanges(dialer.equals(listener));
            List<Rates> results = dialer.equals(OURS)
                    ? exchangesOfOne(address, exchanges)
                    : exchangesOfMany(dialer, address, exchanges);
            Rates cold = results.get(0);
            Rates median = settings.quick() ? cold : median(results.subList(1, results.size()));
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
    private List<Rates> exchangesOfOne(String address, int exchanges) throws IOException {
        List<Rates> results = new ArrayList<>();
        try (ChildProcess<String> dialing = PeerLines.start(
                command(OURS, List.of("dial", address, Long.toString(bytes), Integer.toString(exchanges))))) {
            while (results.size() < exchanges) {
                results.add(PeerLines.rates(dialing.awaitLine(LIMIT)));
            }
        }
        return results;
    }

    private List<Rates> exchangesOfMany(String dialer, String address, int exchanges) throws IOException {
        String size = Long.toString(bytes);
        List<String> dial = List.of(
                "dial", address, "perf", "--upload", size, "--download", size, "--timeout", "" + LIMIT.toSeconds());
        List<Rates> results = new ArrayList<>();
        while (results.size() < exchanges) {
            try (ChildProcess<String> dialing = PeerLines.start(command(dialer, dial))) {
                results.add(PeerLines.rates(dialing.awaitLastLine(LIMIT.plus(GRACE))));
            }
        }
        return results;
    }

    private List<String> command(String who, List<String> arguments) {
        if (who.equals(OURS)) {
            return Settings.command(PerfNode.class, List.of(), arguments);
        }
        return settings.command(who, arguments);
    }

    private static Rates median(List<Rates> results) {
        return new Rates(
                BenchHosts.median(results.stream().map(Rates::up).toList()),
                BenchHosts.median(results.stream().map(Rates::down).toList()));
    }
}
