package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** All parts of the benchmark, in the order of the page. */
final class Parts {
    private static final List<Part> ALL = List.of(
            Part.of("bulk", PathPart::bulk),
            Part.of("ping-pong", PathPart::roundTrip),
            Part.of("streams", PathPart::streams),
            Part.of("connections", PathPart::connections),
            Part.of("transports", PathPart::transports),
            Part.of("perf", PerfPart::run),
            Part.of("work", WorkPart::run),
            Part.of("fan-out", settings -> new FanOut().run(settings)),
            Part.of("ping-beside-bulk", settings -> new PingBesideBulk().run(settings)),
            Part.of("long-pipe", onOneJava(LongPipe::run)),
            Part.of("round-trips", onOneJava(RoundTrips::run)),
            Part.of("idle-memory", settings -> new IdleMemory().run(settings)),
            Part.of("two-processes", onOneJava(Parts::twoProcesses)),
            Part.of("cipher", LayersPart::ciphers),
            Part.of("noise", LayersPart::noise),
            Part.of("yamux", LayersPart::yamux),
            Part.of("multistream", LayersPart::multistream),
            Part.of("node-info", PathPart::nodeInfo));

    private Parts() {}

    /** A measurement whose figures hardly depend on the Java. */
    private static Part.Measurement onOneJava(Part.Measurement measurement) {
        return settings -> PerfPart.isCrosswise() ? measurement.run(settings) : List.of();
    }

    /** Measures between two processes what the first parts measure within one. */
    private static List<Figure> twoProcesses(Settings settings) throws Exception {
        List<Figure> figures = new ArrayList<>(new PingPong().run(settings));
        figures.addAll(new StreamRates().run(settings));
        figures.replaceAll(figure -> figure.named("two-processes/" + figure.name()));
        return figures;
    }

    static List<Part> all() {
        return ALL;
    }

    /** The part with this name. */
    static Part of(String name) {
        return ALL.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + name + ", expected one of "
                        + String.join(", ", ALL.stream().map(Part::name).toList())));
    }
}
