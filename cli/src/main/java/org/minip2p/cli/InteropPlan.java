package org.minip2p.cli;

import java.time.Duration;
import java.util.Map;
import org.minip2p.core.Multiaddr;

/**
 * The parameters of a public test, from its environment variables (IOP-1 to IOP-8, UNI-1 to UNI-10).
 *
 * @param contract the contract of the test
 * @param isDialer whether to dial, and to measure
 * @param listen the address on which a listener listens
 * @param redisHost the host of Redis, which passes on the listener's address
 * @param redisPort the port of Redis
 * @param key the Redis key of the address
 * @param timeout the limit for everything except serving under the new contract and measuring throughput
 * @param isVerbose whether to log events
 */
record InteropPlan(
        InteropContract contract,
        boolean isDialer,
        Multiaddr listen,
        String redisHost,
        int redisPort,
        String key,
        Duration timeout,
        boolean isVerbose) {
    private static final String DEFAULT_IP = "0.0.0.0";
    private static final String DEFAULT_REDIS = "redis:6379";
    private static final long DEFAULT_TIMEOUT_SECONDS = 180;
    private static final long MAX_TIMEOUT_SECONDS = 24 * 60 * 60;
    private static final long MAX_PORT = 65_535;

    /**
     * Reads the variables.
     *
     * @throws CommandFailedException if they are those of no contract or of both, or ask for something that this node does not support
     */
    static InteropPlan of(Map<String, String> variables) throws CommandFailedException {
        InteropContract contract = InteropContract.of(variables);
        InteropContract.Names names = contract.names();
        InteropEnvironment environment = new InteropEnvironment(variables);
        environment.requireSupported(names.transport(), "tcp");
        environment.requireSupported(names.secureChannel(), "noise");
        environment.requireSupported(names.muxer(), "yamux");
        boolean isUnified = contract == InteropContract.UNIFIED_TESTING;
        String redis = isUnified ? environment.required(names.redis()) : environment.text(names.redis(), DEFAULT_REDIS);
        int colon = redis.lastIndexOf(':');
        if (colon < 1) {
            throw environment.wrong(names.redis(), "a host, a colon and a port from 1 to " + MAX_PORT);
        }
        return new InteropPlan(
                contract,
                isDialer(environment, names.isDialer(), isUnified),
                listen(environment, names.ip()),
                redis.substring(0, colon),
                port(environment, names.redis(), redis.substring(colon + 1)),
                isUnified ? environment.required(InteropContract.TEST_KEY) + "_listener_multiaddr" : "listenerAddr",
                Duration.ofSeconds(environment.number(names.timeout(), DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS)),
                isUnified && environment.text("DEBUG", "false").equals("true"));
    }

    /** The new contract requires the side to be named; under the old one, everything that is not a dialer is a listener. */
    private static boolean isDialer(InteropEnvironment environment, String name, boolean isUnified)
            throws CommandFailedException {
        return switch (environment.text(name, isUnified ? "" : "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                if (isUnified) {
                    throw environment.wrong(name, "true or false");
                }
                yield false;
            }
        };
    }

    private static Multiaddr listen(InteropEnvironment environment, String name) throws CommandFailedException {
        try {
            return Multiaddr.parse("/ip4/" + environment.text(name, DEFAULT_IP) + "/tcp/0");
        } catch (IllegalArgumentException e) {
            throw environment.wrong(name, "an IPv4 address");
        }
    }

    private static int port(InteropEnvironment environment, String name, String text) throws CommandFailedException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw environment.wrong(name, "a host, a colon and a port from 1 to " + MAX_PORT);
    }
}
