package org.minip2p.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Host;
import org.minip2p.host.HostFigures;

/**
 * The sum of several hosts' figures. It is read again after a quarter of a second, since a registry reads one meter after the other. The
 * traffic of closed hosts still counts. Thread-safe.
 */
final class HostSum {
    private static final long FRESH_NANOS = Duration.ofMillis(250).toNanos();

    /**
     * Bytes of one protocol, or of all sockets.
     *
     * @param read from peers
     * @param written to peers
     */
    record Bytes(long read, long written) {
        static final Bytes NONE = new Bytes(0, 0);

        Bytes plus(long moreRead, long moreWritten) {
            return new Bytes(read + moreRead, written + moreWritten);
        }
    }

    private final LongSupplier nanoTime;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Bytes> closedProtocols = new HashMap<>();
    private Bytes closedSockets = Bytes.NONE;
    private long closedLost;
    private @Nullable List<HostFigures> seen;
    private long seenNanos;

    HostSum(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(Host host) {
        hosts.add(host);
        seen = null;
    }

    synchronized void remove(Host host) {
        if (hosts.remove(host)) {
            HostFigures last = host.figures();
            HostFigures.Traffic traffic = last.traffic();
            closedSockets = closedSockets.plus(traffic.bytesRead(), traffic.bytesWritten());
            traffic.protocols()
                    .forEach(each -> closedProtocols.put(
                            each.protocol(),
                            closedProtocols
                                    .getOrDefault(each.protocol(), Bytes.NONE)
                                    .plus(each.bytesRead(), each.bytesWritten())));
            closedLost += last.queues().observationsLost();
            seen = null;
        }
    }

    private List<HostFigures> figures() {
        long now = nanoTime.getAsLong();
        List<HostFigures> known = seen;
        if (known == null || now - seenNanos >= FRESH_NANOS) {
            known = hosts.stream().map(Host::figures).toList();
            seen = known;
            seenNanos = now;
        }
        return known;
    }

    synchronized long sum(ToLongFunction<HostFigures> figure) {
        return figures().stream().mapToLong(figure).sum();
    }

    synchronized long observationsLost() {
        return closedLost + sum(figures -> figures.queues().observationsLost());
    }

    synchronized Bytes sockets() {
        Bytes sum = closedSockets;
        for (HostFigures each : figures()) {
            sum = sum.plus(each.traffic().bytesRead(), each.traffic().bytesWritten());
        }
        return sum;
    }

    synchronized Bytes protocol(String name) {
        Bytes sum = closedProtocols.getOrDefault(name, Bytes.NONE);
        for (HostFigures host : figures()) {
            for (HostFigures.ProtocolTraffic each : host.traffic().protocols()) {
                if (each.protocol().equals(name)) {
                    sum = sum.plus(each.bytesRead(), each.bytesWritten());
                }
            }
        }
        return sum;
    }
}
