package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.minip2p.core.Conscrypt;
import org.openjdk.jmh.runner.RunnerException;

/** The whole path in one JVM over loopback, two event loops that nobody has pinned: bulk, round trips, streams, connections. */
final class PathPart {
    private static final double MICROS = 1e6;
    private static final int KIB_OF_A_MIB = 1024;

    private PathPart() {}

    static List<Figure> bulk(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(PathBenchmark.class, Jmh.Length.LONG, "bulk");
        double raw = scores.of("bulk", "RAW").value();
        double noise = scores.of("bulk", "NOISE").value();
        Jmh.Score stream = scores.of("bulk", "STREAM");
        Figure allocated = Figure.of("bulk/stream/allocated", stream.allocatedBytes() / KIB_OF_A_MIB, "B/KiB")
                .beside(scores.of("bulk", "RAW").allocatedBytes() / KIB_OF_A_MIB);
        return List.of(
                Figure.of("bulk/raw", raw, "MiB/s"),
                Figure.of("bulk/noise", noise, "MiB/s").beside(raw),
                Figure.of("bulk/stream", stream.value(), "MiB/s").beside(noise).ratioAtLeast(0.90),
                hasConscrypt() ? allocated.atMost(20) : allocated);
    }

    static List<Figure> roundTrip(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(PathBenchmark.class, Jmh.Length.LONG, "roundTrip");
        double cipher = cipherBytes(settings);
        List<Figure> figures = new ArrayList<>();
        double rawMicros = median(scores.of("roundTrip", "RAW"));
        double rawBytes = scores.of("roundTrip", "RAW").allocatedBytes();
        for (PathKind path : PathKind.values()) {
            String name = "ping-pong/" + path.name().toLowerCase(Locale.ROOT);
            Jmh.Score score = scores.of("roundTrip", path.name());
            Figure micros = Figure.of(name, median(score), "µs");
            Figure bytes = Figure.of(name + "/allocated", score.allocatedBytes(), "B");
            switch (path) {
                case RAW -> {
                    figures.add(micros);
                    figures.add(bytes);
                }
                case NOISE -> {
                    figures.add(micros.beside(rawMicros));
                    figures.add(bytes.beside(rawBytes + cipher));
                }
                case STREAM -> {
                    figures.add(micros.beside(rawMicros).ratioAtMost(1.3));
                    figures.add(bytes.beside(rawBytes + cipher).atMost(Math.rint(rawBytes + cipher + 150)));
                }
            }
        }
        return figures;
    }

    private static double median(Jmh.Score score) {
        return score.counter("medianNanos") / score.counter("calls") / 1_000;
    }

    /** What four messages of the cipher allocate: each end seals one, and opens one. */
    private static double cipherBytes(Settings settings) throws RunnerException {
        Jmh.Score both = new Jmh(settings)
                .with("bytes", "64")
                .run(CipherBenchmark.class, Jmh.Length.SHORT, "sealAndOpen")
                .of("sealAndOpen");
        return 2 * LayersPart.settle(both.allocatedBytes());
    }

    static List<Figure> streams(Settings settings) throws RunnerException {
        Jmh.Scores scores =
                new Jmh(settings).run(HostBenchmark.class, Jmh.Length.LONG, "streamAfterStream", "streams64AtOnce");
        double roundTrips = MICROS
                / new Jmh(settings)
                        .with("path", "RAW")
                        .run(PathBenchmark.class, Jmh.Length.LONG, "roundTrip")
                        .of("roundTrip", "RAW")
                        .value();
        double cipher = cipherBytes(settings);
        Jmh.Score one = scores.of("streamAfterStream");
        Jmh.Score many = scores.of("streams64AtOnce");
        return List.of(
                Figure.of("streams/one", one.value(), "1/s").beside(roundTrips).atLeast(12_000),
                Figure.of("streams/one/allocated", one.allocatedBytes(), "B")
                        .beside(cipher)
                        .atMost(cipher + 4096),
                Figure.of("streams/64", many.value(), "1/s").atLeast(100_000),
                Figure.of("streams/64/allocated", many.allocatedBytes(), "B"));
    }

    static List<Figure> connections(Settings settings) throws RunnerException {
        Jmh.Score score = new Jmh(settings)
                .run(HostBenchmark.class, Jmh.Length.LONG, "connectionAfterConnection")
                .of("connectionAfterConnection");
        double handshake = new Jmh(settings)
                .run(NoiseBenchmark.class, Jmh.Length.SHORT, "handshake")
                .of("handshake")
                .value();
        return List.of(
                Figure.of("connections", score.value(), "1/s")
                        .beside(MICROS / handshake)
                        .atLeast(hasConscrypt() ? 1_400 : 800),
                Figure.of("connections/allocated", score.allocatedBytes(), "B").atMost(40 * 1024));
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
