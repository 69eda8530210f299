package org.minip2p.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Makes the meters of a registry, or finds those that are there. Tags come as keys and values in turn. Thread-safe. */
final class Meters {
    private static final double NANOS = 1e9;

    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    Counter counter(String name, String help, String... tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    /** Of seconds. Not a timer: that would round the bounds to nanoseconds. */
    DistributionSummary seconds(String name, String help, double[] bounds, String... tags) {
        return DistributionSummary.builder(name)
                .description(help)
                .baseUnit("seconds")
                .serviceLevelObjectives(bounds)
                .tags(tags)
                .register(registry);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
