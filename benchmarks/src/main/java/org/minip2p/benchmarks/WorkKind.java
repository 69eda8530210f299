package org.minip2p.benchmarks;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A kind of work that all implementations do alike; {@code interop/peers/README.md} says exactly what it is. */
enum WorkKind {
    /** Streams of one connection, one after the other: opened, 32 bytes echoed, closed on both sides. */
    STREAMS("streams", "1/s", "streams, one after the other"),
    /** The same, 64 at once. */
    STREAMS_64("streams-64", "1/s", "streams, 64 at once"),
    /** Connections, one after the other: dialed, one stream used, closed. */
    CONNECTIONS("connections", "1/s", "connections, one after the other"),
    /** 32 bytes there and back on one open stream. */
    PING_PONG("ping-pong", "µs", "32 bytes there and back, median");

    private final String key;
    private final String unit;
    private final String title;

    WorkKind(String key, String unit, String title) {
        this.key = key;
        this.unit = unit;
        this.title = title;
    }

    /** As the peers and the names of figures call it. */
    String key() {
        return key;
    }

    /** What it is measured in. */
    String unit() {
        return unit;
    }

    /** As the page calls it. */
    String title() {
        return title;
    }

    /** The kind of that key; an error names those that there are. */
    static WorkKind of(String key) {
        return Arrays.stream(values())
                .filter(kind -> kind.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown kind \"" + key + "\", expected one of "
                        + Arrays.stream(values()).map(WorkKind::key).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return key;
    }
}
