package org.minip2p.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.SocketFault;
import org.minip2p.host.HostObservation.StreamFailed;
import org.minip2p.host.HostObservation.StreamFault;

/** What was refused. Thread-safe. */
final class RefusalMeters {
    private record Blocked(String direction, String scope, String resource) {}

    private final MeterRegistry registry;
    private final Meters meters;

    /** A gauge that only grows, as there. */
    private final Map<Blocked, AtomicLong> blocked = new ConcurrentHashMap<>();

    RefusalMeters(MeterRegistry registry) {
        this.registry = registry;
        this.meters = new Meters(registry);
    }

    void socketFailed(SocketFailed failed) {
        if (failed.fault() == SocketFault.DENIED) {
            blocked(failed.role(), "system", "connection");
        }
    }

    void streamFailed(StreamFailed failed) {
        if (failed.fault() == StreamFault.TOO_MANY) {
            blocked(failed.role(), "conn", "stream");
        }
        meters.counter(
                        "minip2p.stream.failures",
                        "Streams on which no protocol was agreed",
                        "dir",
                        HostMetrics.direction(failed.role()),
                        "reason",
                        SwarmMeters.label(failed.fault()))
                .increment();
    }

    private void blocked(Role role, String scope, String resource) {
        Blocked key = new Blocked(HostMetrics.direction(role), scope, resource);
        AtomicLong count = blocked.get(key);
        if (count == null) {
            count = blocked.computeIfAbsent(key, absent -> new AtomicLong());
            Gauge.builder("libp2p.rcmgr.blocked.resources", count, AtomicLong::doubleValue)
                    .description("What was refused because of a limit or by the gater")
                    .tags("dir", key.direction, "scope", key.scope, "resource", key.resource)
                    .strongReference(true)
                    .register(registry);
        }
        count.incrementAndGet();
    }
}
