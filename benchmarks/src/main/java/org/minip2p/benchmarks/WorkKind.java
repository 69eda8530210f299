package org.minip2p.benchmarks;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A kind of work that all implementations perform in the same way; {@code interop/peers/README.md} defines it. */
enum WorkKind {
    /** Streams of one connection, one after the other: each is opened, used for an echo of 32 bytes, and closed on both sides. */
    STREAMS("streams", "1/s", "streams, one after the other", 10),
    /** The same, 64 at once. */
    STREAMS_64("streams-64", "1/s", "streams, 64 at once", 10),
    /**
     * Connections, one after the other: each is dialed, used for one stream, and closed. A connection runs much code and there are few of
     * them in a second, so a JVM needs longer until it has compiled that code.
     */
    CONNECTIONS("connections", "1/s", "connections, one after the other", 20),
    /** 32 bytes there and back on one open stream. */
    PING_PONG("ping-pong", "µs", "32 bytes there and back, median", 10),
    /** 64 MiB on a stream of its own, and then the next 64. */
    BULK("bulk", "MiB/s", "uploads of 64 MiB, one after the other", 10);

    private final String key;
    private final String unit;
    private final String title;
    private final int warmUpSeconds;

    WorkKind(String key, String unit, String title, int warmUpSeconds) {
        this.key = key;
        this.unit = unit;
        this.title = title;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Its name for the peers and in the names of figures. */
    String key() {
        return key;
    }

    /** Its unit. */
    String unit() {
        return unit;
    }

    /** Its name on the page. */
    String title() {
        return title;
    }

    /** How long all implementations warm up, in seconds. */
    int warmUpSeconds() {
        return warmUpSeconds;
    }

    /** The kind with this key; the message of an error lists the known ones. */
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
