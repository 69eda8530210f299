package org.minip2p.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostObserver;
import org.minip2p.metrics.HostMetrics;

/**
 * Adds an observer to the hosts of the benchmarks, to measure its cost. An environment variable asks for it, since forks and child
 * processes inherit the environment.
 */
final class Observed {
    private static final String VARIABLE = "MINIP2P_BENCH_OBSERVER";

    private Observed() {}

    /** Adds the observer that was asked for, if any. */
    static HostBuilder ifWanted(HostBuilder builder) {
        String kind = System.getenv().getOrDefault(VARIABLE, "none");
        return switch (kind) {
            case "none" -> builder;
            case "silent" -> builder.observer(new HostObserver() {});
            case "micrometer" -> builder.observer(HostMetrics.in(new SimpleMeterRegistry()));
            default -> throw new IllegalArgumentException(VARIABLE + " is none, silent or micrometer, not " + kind);
        };
    }
}
