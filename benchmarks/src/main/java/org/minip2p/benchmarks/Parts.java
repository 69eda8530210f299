package org.minip2p.benchmarks;

import java.util.List;

/** All parts of the benchmark, in the order of the page. */
final class Parts {
    private static final List<Part> ALL = List.of(
            Part.of("bulk", PathPart::bulk),
            Part.of("ping-pong", PathPart::roundTrip),
            Part.of("streams", PathPart::streams),
            Part.of("connections", PathPart::connections),
            Part.of("perf", PerfPart::run),
            Part.of("cipher", LayersPart::ciphers),
            Part.of("noise", LayersPart::noise),
            Part.of("yamux", LayersPart::yamux),
            Part.of("multistream", LayersPart::multistream),
            Part.of("node-info", PathPart::nodeInfo));

    private Parts() {}

    static List<Part> all() {
        return ALL;
    }

    /** The part of that name. */
    static Part of(String name) {
        return ALL.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + name + ", expected one of "
                        + String.join(", ", ALL.stream().map(Part::name).toList())));
    }
}
