package org.minip2p.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Creates the meters of a registry, or finds existing ones. Tags are alternating keys and values. Thread-safe. */
final class Meters {
    private final MeterRegistry registry;

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    Counter counter(String name, String help, String... tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    /**
     * Of seconds. Not a summary, although that would keep the last digits of the bounds: its buckets count whole numbers, and a time of 5 ms
     * would be one second.
     */
    Timer seconds(String name, String help, Duration[] bounds, String... tags) {
        return Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(bounds)
                .tags(tags)
                .register(registry);
    }
}
