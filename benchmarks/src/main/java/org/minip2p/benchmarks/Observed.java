package org.minip2p.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostObserver;
import org.minip2p.metrics.HostMetrics;

/** What an observer costs: the hosts of the benchmarks have one when the environment says so, which forks and child processes inherit. */
final class Observed {
    private static final String VARIABLE = "MINIP2P_BENCH_OBSERVER";

    private Observed() {}

    /** With the observer that is wanted, if any. */
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
