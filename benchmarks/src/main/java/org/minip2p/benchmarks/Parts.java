package org.minip2p.benchmarks;

import java.util.List;

/** All parts of the benchmark, in the order of the page. */
final class Parts {
    private static final List<Part> ALL = List.of();

    private Parts() {}

    static List<Part> all() {
        return ALL;
    }
}
