package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.minip2p.core.Conscrypt;
import org.openjdk.jmh.runner.RunnerException;

/** The whole path in one JVM over loopback, with two event loops: bulk, round trips, streams, connections. */
final class PathPart {
    private static final double MICROS = 1e6;
    private static final int KIB_OF_A_MIB = 1024;
    private static final int BULK_ROUNDS = 3;

    private PathPart() {}

    /** Runs in several rounds, each with all kinds of path, since the speed of the machine changes from minute to minute. */
    static List<Figure> bulk(Settings settings) throws RunnerException {
        List<Jmh.Scores> rounds = new ArrayList<>();
        for (int i = 0; i < (settings.quick() ? 1 : BULK_ROUNDS); i++) {
            rounds.add(new Jmh(settings).run(PathBenchmark.class, Jmh.Length.LONGEST, "bulk"));
        }
        double raw = median(rounds, PathKind.RAW, Jmh.Score::value);
        double noise = median(rounds, PathKind.NOISE, Jmh.Score::value);
        double stream = median(rounds, PathKind.STREAM, Jmh.Score::value);
        Figure allocated = Figure.of(
                        "bulk/stream/allocated",
                        median(rounds, PathKind.STREAM, Jmh.Score::allocatedBytes) / KIB_OF_A_MIB,
                        "B/KiB")
                .beside(median(rounds, PathKind.RAW, Jmh.Score::allocatedBytes) / KIB_OF_A_MIB);
        return List.of(
                Figure.of("bulk/raw", raw, "MiB/s"),
                Figure.of("bulk/noise", noise, "MiB/s").beside(raw),
                Figure.of("bulk/stream", stream, "MiB/s").beside(noise).ratioAtLeast(0.90),
                hasConscrypt() ? allocated.atMost(20) : allocated);
    }

    private static double median(List<Jmh.Scores> rounds, PathKind path, ToDoubleFunction<Jmh.Score> figure) {
        return BenchHosts.median(rounds.stream()
                .map(scores -> figure.applyAsDouble(scores.of("bulk", path.name())))
                .toList());
    }

    /** Bulk and round trips on each I/O back end in turn, compared with raw Netty on the same back end. On one Java only. */
    static List<Figure> transports(Settings settings) throws RunnerException {
        List<Figure> figures = new ArrayList<>();
        if (!PerfPart.isCrosswise()) {
            return figures;
        }
        for (Io io : Io.available()) {
            for (String method : List.of("bulk", "roundTrip")) {
                Jmh.Scores scores = new Jmh(settings)
                        .with("io", io.name())
                        .with("path", "RAW", "STREAM")
                        .run(PathBenchmark.class, Jmh.Length.LONG, method);
                double raw = scores.of(method, "RAW").value();
                double stream = scores.of(method, "STREAM").value();
                boolean isBulk = method.equals("bulk");
                figures.add(Figure.of(
                                "transports/" + io.key() + (isBulk ? "/bulk" : "/round-trip"),
                                stream,
                                isBulk ? "MiB/s" : "µs")
                        .beside(raw));
            }
        }
        return figures;
    }

    static List<Figure> roundTrip(Settings settings) throws RunnerException {
        double cipher = cipherBytes(settings);
        List<Figure> figures = new ArrayList<>();
        for (Placement placement : placements(settings)) {
            Jmh.Scores scores = new Jmh(settings)
                    .with("placement", placement.name())
                    .run(PathBenchmark.class, Jmh.Length.LONGEST, "roundTrip");
            double rawMicros = median(scores.of("roundTrip", "RAW"));
            for (PathKind path : PathKind.values()) {
                Figure micros = Figure.of(
                        prefix(placement) + "ping-pong/" + lowerCase(path),
                        median(scores.of("roundTrip", path.name())),
                        "µs");
                figures.add(
                        switch (path) {
                            case RAW -> micros;
                            case NOISE -> micros.beside(rawMicros);
                            case STREAM -> micros.beside(rawMicros).ratioAtMost(1.3);
                        });
            }
            if (placement == Placement.FREE) {
                double rawBytes = scores.of("roundTrip", "RAW").allocatedBytes();
                for (PathKind path : PathKind.values()) {
                    Figure bytes = Figure.of(
                            "ping-pong/" + lowerCase(path) + "/allocated",
                            scores.of("roundTrip", path.name()).allocatedBytes(),
                            "B");
                    figures.add(
                            switch (path) {
                                case RAW -> bytes;
                                case NOISE -> bytes.beside(rawBytes + cipher);
                                case STREAM ->
                                    bytes.beside(rawBytes + cipher).atMost(Math.rint(rawBytes + cipher + 150));
                            });
                }
            }
        }
        return figures;
    }

    /** A quick run pins no threads. */
    private static List<Placement> placements(Settings settings) {
        if (settings.quick()) {
            return List.of(Placement.FREE);
        }
        if (!Placement.canPin()) {
            settings.say("skipped: the loops on one core, since there is no taskset here");
            return List.of(Placement.FREE);
        }
        return List.of(Placement.values());
    }

    private static String prefix(Placement placement) {
        return placement == Placement.FREE ? "" : "one-core/";
    }

    private static String lowerCase(PathKind path) {
        return path.name().toLowerCase(Locale.ROOT);
    }

    private static double median(Jmh.Score score) {
        return score.counter("medianNanos") / score.counter("calls") / 1_000;
    }

    /** What the cipher allocates for a round trip: each end seals one message and opens one. */
    private static double cipherBytes(Settings settings) throws RunnerException {
        Jmh.Score both = new Jmh(settings)
                .with("bytes", "64")
                .run(CipherBenchmark.class, Jmh.Length.SHORT, "sealAndOpen")
                .of("sealAndOpen");
        return 2 * LayersPart.settle(both.allocatedBytes());
    }

    static List<Figure> streams(Settings settings) throws RunnerException {
        double cipher = cipherBytes(settings);
        List<Figure> figures = new ArrayList<>();
        for (Placement placement : placements(settings)) {
            String prefix = prefix(placement);
            Jmh.Score one = new Jmh(settings)
                    .with("placement", placement.name())
                    .run(HostBenchmark.class, Jmh.Length.LONGEST, "streamAfterStream")
                    .of("streamAfterStream");
            double roundTrips = MICROS
                    / new Jmh(settings)
                            .with("path", "RAW")
                            .with("placement", placement.name())
                            .run(PathBenchmark.class, Jmh.Length.LONGEST, "roundTrip")
                            .of("roundTrip", "RAW")
                            .value();
            figures.add(Figure.of(prefix + "streams/one", one.value(), "1/s")
                    .beside(roundTrips)
                    .atLeast(12_000));
            if (placement == Placement.FREE) {
                figures.add(Figure.of("streams/one/allocated", one.allocatedBytes(), "B")
                        .beside(cipher)
                        .atMost(cipher + 4096));
            }
        }
        Jmh.Score many = new Jmh(settings)
                .run(HostBenchmark.class, Jmh.Length.LONGEST, "streams64AtOnce")
                .of("streams64AtOnce");
        Jmh.Scores roundTrips = new Jmh(settings).run(PathBenchmark.class, Jmh.Length.LONG, "roundTrips64AtOnce");
        double raw = roundTrips.of("roundTrips64AtOnce", "RAW").value();
        figures.add(Figure.of("streams/64", many.value(), "1/s").beside(raw).atLeast(100_000));
        for (PathKind path : List.of(PathKind.NOISE, PathKind.STREAM)) {
            figures.add(Figure.of(
                            "ping-pong/64/" + lowerCase(path),
                            roundTrips.of("roundTrips64AtOnce", path.name()).value(),
                            "1/s")
                    .beside(raw));
        }
        figures.add(Figure.of("streams/64/allocated", many.allocatedBytes(), "B"));
        return figures;
    }

    static List<Figure> connections(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings)
                .run(HostBenchmark.class, Jmh.Length.LONGEST, "connectionAfterConnection", "connections8AtOnce");
        double handshakeMicros = new Jmh(settings)
                .run(NoiseBenchmark.class, Jmh.Length.SHORT, "handshake")
                .of("handshake")
                .value();
        double raw = new Jmh(settings)
                .run(RawConnectionBenchmark.class, Jmh.Length.LONG)
                .of("connectionAfterConnection")
                .value();
        double handshakesAndRaw = MICROS / (handshakeMicros + MICROS / raw);
        Jmh.Score one = scores.of("connectionAfterConnection");
        return List.of(
                Figure.of("connections/raw", raw, "1/s"),
                Figure.of("connections/one", one.value(), "1/s")
                        .beside(handshakesAndRaw)
                        .atLeast(hasConscrypt() ? 1_400 : 800),
                Figure.of("connections/one/allocated", one.allocatedBytes(), "B")
                        .atMost(40 * 1024),
                Figure.of("connections/8", scores.of("connections8AtOnce").value(), "1/s")
                        .beside(handshakesAndRaw));
    }

    static List<Figure> nodeInfo(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(HandshakeBenchmark.class, Jmh.Length.LONG);
        Jmh.Score one = scores.of("oneAfterTheOther");
        Jmh.Score eight = scores.of("eightAtATime");
        return List.of(
                Figure.of("node-info/one", one.value(), "1/s"),
                Figure.of("node-info/one/allocated", one.allocatedBytes(), "B"),
                Figure.of("node-info/eight", eight.value(), "1/s"),
                Figure.of("node-info/eight/allocated", eight.allocatedBytes(), "B"));
    }

    private static boolean hasConscrypt() {
        return Conscrypt.provider().isPresent();
    }
}
