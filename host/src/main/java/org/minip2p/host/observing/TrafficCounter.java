package org.minip2p.host.observing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.HostFigures;
import org.minip2p.host.HostObservation;

/**
 * Bytes of a host, in total and by protocol. The first {@value #MAX_PROTOCOLS} protocols have separate counters. The number is limited
 * because an application may choose protocols by what peers send. Thread-safe.
 */
final class TrafficCounter {
    static final int MAX_PROTOCOLS = 256;

    /** The name for streams without a protocol. */
    static final String UNKNOWN = "unknown";

    /** The bytes of one protocol. */
    static final class Protocol {
        private final String name;
        private final LongAdder read = new LongAdder();
        private final LongAdder written = new LongAdder();

        Protocol(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        void read(long bytes) {
            read.add(bytes);
        }

        void wrote(long bytes) {
            written.add(bytes);
        }

        private HostFigures.ProtocolTraffic figures() {
            return new HostFigures.ProtocolTraffic(name, read.sum(), written.sum());
        }
    }

    private final LongAdder read = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final Map<ProtocolId, Protocol> protocols = new ConcurrentHashMap<>();
    private final Protocol unknown = new Protocol(UNKNOWN);
    private final Protocol other = new Protocol(HostObservation.OTHER_PROTOCOL);

    void read(long bytes) {
        read.add(bytes);
    }

    void wrote(long bytes) {
        written.add(bytes);
    }

    /** The counter of streams without a protocol. */
    Protocol unknown() {
        return unknown;
    }

    Protocol of(ProtocolId id) {
        Protocol known = protocols.get(id);
        return known != null ? known : add(id);
    }

    private synchronized Protocol add(ProtocolId id) {
        @Nullable Protocol known = protocols.get(id);
        if (known != null) {
            return known;
        }
        if (protocols.size() >= MAX_PROTOCOLS) {
            return other;
        }
        Protocol added = new Protocol(id.value());
        protocols.put(id, added);
        return added;
    }

    HostFigures.Traffic figures() {
        List<HostFigures.ProtocolTraffic> each = new ArrayList<>();
        protocols.values().forEach(protocol -> each.add(protocol.figures()));
        each.add(unknown.figures());
        each.add(other.figures());
        return new HostFigures.Traffic(read.sum(), written.sum(), each);
    }
}
