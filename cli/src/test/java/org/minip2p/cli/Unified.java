package org.minip2p.cli;

import java.util.Map;
import java.util.TreeMap;

/** The environment of a test of libp2p/unified-testing. */
final class Unified {
    private Unified() {}

    /**
     * The environment of a test on loopback.
     *
     * @param redis the address of Redis
     * @param more further names and values, alternating
     */
    static Map<String, String> environment(String redis, String... more) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "REDIS_ADDR", redis,
                "TEST_KEY", "a5b50d5e",
                "TRANSPORT", "tcp",
                "SECURE_CHANNEL", "noise",
                "MUXER", "yamux",
                "LISTENER_IP", "127.0.0.1",
                "DEBUG", "false"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }
}
