package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/** The layers alone, in one thread and without sockets: ciphers, handshake, Yamux, multistream-select. */
final class LayersPart {
    private static final int[] SIZES = {64, 1024, 16_384, 65_519};
    private static final double NANOS = 1e9;
    private static final double MIB = 1 << 20;

    private LayersPart() {}

    static List<Figure> ciphers(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(CipherBenchmark.class, Jmh.Length.SHORT);
        List<Figure> figures = new ArrayList<>();
        for (int size : SIZES) {
            Jmh.Score seal = scores.of("seal", "" + size);
            Jmh.Score sealFloor = scores.of("aeadSeal", "" + size);
            Jmh.Score both = scores.of("sealAndOpen", "" + size);
            Jmh.Score bothFloor = scores.of("aeadSealAndOpen", "" + size);
            figures.add(Figure.of("cipher/seal/" + size, rate(size, seal.value()), "MiB/s")
                    .beside(rate(size, sealFloor.value())));
            figures.add(Figure.of("cipher/seal-and-open/" + size, rate(size, both.value()), "MiB/s")
                    .beside(rate(size, bothFloor.value())));
            figures.add(allocated("cipher/seal-and-open/" + size, both, bothFloor));
        }
        return figures;
    }

    private static double rate(int bytes, double nanos) {
        return bytes / MIB * NANOS / nanos;
    }

    static List<Figure> noise(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(NoiseBenchmark.class, Jmh.Length.SHORT);
        Jmh.Score handshake = scores.of("handshake");
        Jmh.Score keys = scores.of("keys");
        return List.of(
                Figure.of("noise/handshake", handshake.value(), "µs").beside(keys.value()),
                allocated("noise/handshake", handshake, keys));
    }

    static List<Figure> yamux(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(YamuxBenchmark.class, Jmh.Length.SHORT);
        Jmh.Score twelveBytes = scores.of("twelveBytes");
        Jmh.Score cut = scores.of("cut");
        List<Figure> figures = new ArrayList<>();
        for (String method : List.of("headerEncode", "headerDecode", "window")) {
            Jmh.Score score = scores.of(method);
            String name = "yamux/" + method.replace("header", "header-").toLowerCase(Locale.ROOT);
            figures.add(Figure.of(name, score.value(), "ns").beside(twelveBytes.value()));
            figures.add(allocated(name, score, twelveBytes));
        }
        Jmh.Score dispatch = scores.of("dispatch");
        figures.add(Figure.of("yamux/dispatch", dispatch.value(), "ns").beside(cut.value()));
        figures.add(allocated("yamux/dispatch", dispatch, cut));
        return figures;
    }

    static List<Figure> multistream(Settings settings) throws RunnerException {
        Jmh.Scores scores = new Jmh(settings).run(MultistreamBenchmark.class, Jmh.Length.SHORT);
        Jmh.Score accepted = scores.of("accepted");
        Jmh.Score second = scores.of("acceptedAtSecond");
        return List.of(
                Figure.of("multistream/accepted", accepted.value(), "ns"),
                Figure.of("multistream/accepted/allocated", accepted.allocatedBytes(), "B"),
                Figure.of("multistream/second", second.value(), "ns"),
                Figure.of("multistream/second/allocated", second.allocatedBytes(), "B"));
    }

    /** What an operation allocates, compared with its floor unless the floor allocates nothing. */
    private static Figure allocated(String name, Jmh.Score score, Jmh.Score floor) {
        Figure figure = Figure.of(name + "/allocated", settle(score.allocatedBytes()), "B");
        double bytes = settle(floor.allocatedBytes());
        return bytes == 0 ? figure : figure.beside(bytes);
    }

    /** Rounds to zero what JMH itself allocates: less than half a byte for each operation. */
    static double settle(double bytes) {
        return bytes < 0.5 ? 0 : bytes;
    }
}
