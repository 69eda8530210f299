package org.minip2p.cli;

import java.time.Duration;
import java.util.Map;

/**
 * The parameters of the public transport tests, from the environment (IOP-1 to IOP-8).
 *
 * @param isDialer whether to dial, and to measure
 * @param ip the address on which a listener listens
 * @param redisHost the Redis host that passes the listener's address
 * @param redisPort its port
 * @param timeout the total time limit
 */
record InteropPlan(boolean isDialer, String ip, String redisHost, int redisPort, Duration timeout) {
    private static final int REDIS_PORT = 6379;
    private static final long DEFAULT_TIMEOUT_SECONDS = 180;
    private static final long MAX_TIMEOUT_SECONDS = 24 * 60 * 60;
    private static final int MAX_PORT = 65_535;

    /**
     * Reads the variables.
     *
     * @throws CommandFailedException when one requests something that this node does not support
     */
    static InteropPlan of(Map<String, String> environment) throws CommandFailedException {
        requireSupported(environment, "transport", "tcp");
        requireSupported(environment, "security", "noise");
        requireSupported(environment, "muxer", "yamux");
        String redis = environment.getOrDefault("redis_addr", "redis:" + REDIS_PORT);
        int colon = redis.lastIndexOf(':');
        return new InteropPlan(
                environment.getOrDefault("is_dialer", "false").equals("true"),
                environment.getOrDefault("ip", "0.0.0.0"),
                colon < 0 ? redis : redis.substring(0, colon),
                colon < 0 ? REDIS_PORT : (int) number("redis_addr", redis.substring(colon + 1), MAX_PORT),
                Duration.ofSeconds(number(
                        "test_timeout_seconds",
                        environment.getOrDefault("test_timeout_seconds", Long.toString(DEFAULT_TIMEOUT_SECONDS)),
                        MAX_TIMEOUT_SECONDS)));
    }

    private static void requireSupported(Map<String, String> environment, String name, String supported)
            throws CommandFailedException {
        String value = environment.get(name);
        if (!supported.equals(value)) {
            throw new CommandFailedException("expected " + supported + " as the environment's " + name + ", got "
                    + (value == null ? "none" : value));
        }
    }

    private static long number(String name, String text, long max) throws CommandFailedException {
        try {
            long number = Long.parseLong(text);
            if (number > 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new CommandFailedException(
                "expected a number from 1 to " + max + " in the environment's " + name + ", got " + text);
    }
}
