package org.minip2p.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.SocketFault;
import org.minip2p.host.HostObservation.StreamFailed;
import org.minip2p.host.HostObservation.StreamFault;

/** Counts refusals. Thread-safe. */
final class RefusalMeters {
    /** Why one stream too many is refused. */
    private static final Set<StreamFault> LIMITS =
            EnumSet.of(StreamFault.TOO_MANY, StreamFault.TOO_MANY_OPEN, StreamFault.TOO_MANY_UNACKNOWLEDGED);

    private record Blocked(String direction, String scope, String resource) {}

    private final MeterRegistry registry;
    private final Meters meters;

    /** A gauge that only grows, as in go-libp2p. */
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
        if (LIMITS.contains(failed.fault())) {
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
                    .description("Refusals by a limit or by the gater")
                    .tags("dir", key.direction, "scope", key.scope, "resource", key.resource)
                    .strongReference(true)
                    .register(registry);
        }
        count.incrementAndGet();
    }
}
