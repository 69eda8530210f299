package org.minip2p.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObservation.StreamClosed;
import org.minip2p.host.HostObservation.StreamEnd;
import org.minip2p.host.HostObservation.StreamOpened;

/**
 * Streams by protocol. The number of these meters is bounded, like the host's protocol names. They are kept, since looking one up in a
 * registry is slow. Thread-safe.
 */
final class StreamMeters {
    private static final String STREAMS = "libp2p.rcmgr.streams";
    private static final String STREAMS_HELP = "Streams with a protocol";

    /** The code of a peer's reset, in words. */
    private static final Map<Long, String> CODES = Map.of(
            0L, "none",
            0x1001L, "negotiation_failed",
            0x1002L, "resource_limit_exceeded",
            0x1003L, "rate_limited",
            0x1004L, "protocol_violation",
            0x1005L, "supplanted",
            0x1006L, "garbage_collected",
            0x1007L, "shutdown",
            0x1008L, "gated");

    private record Key(Role role, String protocol) {}

    private final MeterRegistry registry;
    private final HostSum hosts;
    private final Meters meters;
    private final Map<Role, AtomicLong> open = new EnumMap<>(Role.class);
    private final Map<Key, OfProtocol> protocols = new ConcurrentHashMap<>();

    /** Those whose bytes have meters. */
    private final Set<String> counted = ConcurrentHashMap.newKeySet();

    StreamMeters(MeterRegistry registry, HostSum hosts) {
        this.registry = registry;
        this.hosts = hosts;
        this.meters = new Meters(registry);
        for (Role role : Role.values()) {
            AtomicLong count = new AtomicLong();
            open.put(role, count);
            gauge(count, role, "system", "");
        }
        bytes("unknown");
        bytes(HostObservation.OTHER_PROTOCOL);
    }

    private void gauge(AtomicLong count, Role role, String scope, String protocol) {
        Gauge.builder(STREAMS, count, AtomicLong::doubleValue)
                .description(STREAMS_HELP)
                .tags("dir", HostMetrics.direction(role), "scope", scope, "protocol", protocol)
                .strongReference(true)
                .register(registry);
    }

    /** Once per protocol, for both directions together. */
    private void bytes(String protocol) {
        if (!counted.add(protocol)) {
            return;
        }
        bytes(protocol, "read", sum -> sum.protocol(protocol).read());
        bytes(protocol, "written", sum -> sum.protocol(protocol).written());
    }

    private void bytes(String protocol, String way, ToLongFunction<HostSum> figure) {
        FunctionCounter.builder("minip2p.protocol.bytes", hosts, figure::applyAsLong)
                .description("Bytes on streams, their negotiation included")
                .tags("protocol", protocol, "way", way)
                .register(registry);
    }

    void opened(StreamOpened stream) {
        count(stream.role(), 1);
        OfProtocol of = of(stream.role(), stream.protocol());
        of.open.incrementAndGet();
        of.opened.increment();
    }

    void closed(StreamClosed stream) {
        count(stream.role(), -1);
        OfProtocol of = of(stream.role(), stream.protocol());
        of.open.decrementAndGet();
        of.closed(stream.end()).increment();
        of.duration.record(stream.lifetime());
        if (stream.end() == StreamEnd.CLOSED && of.identified != null) {
            of.identified.increment();
        }
        if (stream.end() == StreamEnd.RESET_HERE || stream.end() == StreamEnd.RESET_BY_PEER) {
            meters.counter(
                            "minip2p.stream.resets",
                            "Streams that were reset",
                            "dir",
                            HostMetrics.direction(stream.role()),
                            "by",
                            stream.end() == StreamEnd.RESET_HERE ? "here" : "peer",
                            "code",
                            CODES.getOrDefault(stream.resetCode(), "other"))
                    .increment();
        }
    }

    private void count(Role role, int change) {
        AtomicLong count = open.get(role);
        if (count != null) {
            count.addAndGet(change);
        }
    }

    private OfProtocol of(Role role, String protocol) {
        Key key = new Key(role, protocol);
        OfProtocol known = protocols.get(key);
        return known != null ? known : protocols.computeIfAbsent(key, absent -> new OfProtocol(role, protocol));
    }

    /** The meters of one protocol in one direction. */
    private final class OfProtocol {
        private final String direction;
        private final String protocol;
        private final AtomicLong open = new AtomicLong();
        private final Counter opened;
        private final Map<StreamEnd, Counter> closed = new EnumMap<>(StreamEnd.class);
        private final Timer duration;

        /** The counter of Identify's messages, each of which is a stream; null for other protocols. */
        private final @Nullable Counter identified;

        OfProtocol(Role role, String protocol) {
            this.direction = HostMetrics.direction(role);
            this.protocol = protocol;
            gauge(open, role, "protocol", protocol);
            bytes(protocol);
            opened = meters.counter(
                    "minip2p.streams.opened", "Streams with a protocol", "dir", direction, "protocol", protocol);
            for (StreamEnd end : StreamEnd.values()) {
                closed.put(
                        end,
                        meters.counter(
                                "minip2p.streams.closed",
                                "Streams with a protocol that have ended",
                                "dir",
                                direction,
                                "protocol",
                                protocol,
                                "end",
                                SwarmMeters.label(end)));
            }
            duration = meters.seconds(
                    "minip2p.stream.duration",
                    "How long streams had their protocol",
                    Buckets.durations(),
                    "dir",
                    direction,
                    "protocol",
                    protocol);
            identified = identified();
        }

        private @Nullable Counter identified() {
            return switch (protocol) {
                case "/ipfs/id/1.0.0" ->
                    meters.counter("libp2p.identify.identify", "Exchanges of Identify", "dir", direction);
                case "/ipfs/id/push/1.0.0" ->
                    meters.counter("libp2p.identify.identify.push", "Pushes of Identify", "dir", direction);
                default -> null;
            };
        }

        Counter closed(StreamEnd end) {
            Counter counter = closed.get(end);
            if (counter == null) {
                throw new IllegalStateException("no counter for " + end);
            }
            return counter;
        }
    }
}
