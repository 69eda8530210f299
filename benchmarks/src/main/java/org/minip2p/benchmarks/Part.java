package org.minip2p.benchmarks;

import java.util.List;

/** A part of the benchmark, which {@code benchmarks/run --only NAME} runs alone. {@link Parts} lists all of them. */
interface Part {
    /** Its name: one lower-case word. */
    String name();

    /**
     * Measures.
     *
     * @throws Exception if it fails: this part then has no figures, but the others are still measured
     */
    List<Figure> run(Settings settings) throws Exception;

    /** The measurement of a part. */
    @FunctionalInterface
    interface Measurement {
        /** Measures. */
        List<Figure> run(Settings settings) throws Exception;
    }

    /** Creates a part with this name. */
    static Part of(String name, Measurement measurement) {
        return new Part() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Figure> run(Settings settings) throws Exception {
                return measurement.run(settings);
            }
        };
    }
}
