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
 * One stream of {@code /perf/1.0.0} between two processes: each implementation with itself, and minip2p with each of the others in both
 * roles. All send the same number of bytes up and down. After one exchange to warm up, the result is the median of three, or one exchange
 * between different implementations. Our dialer makes all exchanges in one process; the others' programs end after one exchange, so only
 * their listeners are warm.
 */
final class PerfPart {
    /** The option for a Java on which minip2p is measured only with itself; the mixed pairs are measured once. */
    static final String NOT_CROSSWISE = "-Dbenchmarks.crosswise=false";

    static final List<String> PEERS = List.of("js", "go", "rust", "jvm");
    private static final List<String> QUICK_PEERS = List.of("js", "go");
    private static final String OURS = "minip2p";

    private static final long FULL_BYTES = 1L << 30;
    private static final long QUICK_BYTES = 64L << 20;
    private static final int RUNS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    static final Duration GRACE = Duration.ofSeconds(10);

    /** The minimum ratio of minip2p to each of the others. */
    private static final Map<String, Double> TARGETS = Map.of("js", 2.8, "go", 1.0, "rust", 1.0);

    /** Measured with itself only, and once: it is built by hand, is not part of the interoperability tests, and is slow. */
    private static final String APART = "jvm";

    private final Settings settings;
    private final long bytes;

    private PerfPart(Settings settings) {
        this.settings = settings;
        bytes = settings.quick() ? QUICK_BYTES : FULL_BYTES;
    }

    /**
     * Measures nothing without Conscrypt: with the JDK's cipher, all pairs would take a quarter of an hour and show nothing that the bulk
     * figures do not show.
     */
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
            if (!isCrosswise() || peer.getKey().equals(APART)) {
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

    /** Whether this is the Java that measures what is measured only once. */
    static boolean isCrosswise() {
        return !"false".equals(System.getProperty("benchmarks.crosswise"));
    }

    private Map<String, Rates> measurePeers() throws IOException {
        Map<String, Rates> rates = new LinkedHashMap<>();
        for (String peer : settings.quick() ? QUICK_PEERS : PEERS) {
            boolean isWanted = isCrosswise() || !peer.equals(APART);
            if (isWanted && settings.hasPeer("perf", peer)) {
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

    /**
     * The number of exchanges: one to warm up, and those that count, which is one between different implementations. A quick run has only
     * the first.
     */
    private int exchanges(boolean withItself) {
        if (settings.quick()) {
            return 1;
        }
        return withItself ? 1 + RUNS : 2;
    }

    /** Makes all exchanges in one process, since a JVM compiles during the first one. */
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
