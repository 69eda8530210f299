package org.minip2p.benchmarks;

import java.util.List;

/** A part of the benchmark: what {@code benchmarks/run --only NAME} runs alone. {@link Parts} has them all. */
interface Part {
    /** What it is called: one lower-case word. */
    String name();

    /**
     * Measures.
     *
     * @throws Exception what went wrong: the part has no figures then, the others are measured all the same
     */
    List<Figure> run(Settings settings) throws Exception;

    /** How a part measures. */
    @FunctionalInterface
    interface Measurement {
        /** Measures. */
        List<Figure> run(Settings settings) throws Exception;
    }

    /** A part of that name. */
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
