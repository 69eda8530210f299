package org.minip2p.handshake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How handshakes are made. Immutable.
 *
 * @param exchangeDeadline for one exchange, from its start
 * @param waitForPeer how long a peer that has to start may take before this side does
 * @param repeatAfter how long after the first exchange of ours on a connection another follows, once; zero for never. An SSV node in Go
 *     that has served a request before it began to wait for one would else give up after 20 s
 * @param acceptedNetworks gives the networks that a peer may be on now; when empty, our own of now alone. Called on the application's
 *     executor whenever a request or a response was read; what it throws, and an empty set, is logged and fails the exchange
 * @param asksPerSecond how many peers are asked again in a second, at most
 * @param requestsPerSecond how many exchanges one peer may start in a second, on the average of ten; others are reset
 * @param filters what the application checks of a peer, in this order, after everything else; called on its executor
 * @param failurePolicy what becomes of a connection on which a permanent failure came
 */
public record HandshakeOptions(
        Duration exchangeDeadline,
        Duration waitForPeer,
        Duration repeatAfter,
        Optional<Supplier<Set<String>>> acceptedNetworks,
        int asksPerSecond,
        int requestsPerSecond,
        List<NodeInfoFilter> filters,
        FailurePolicy failurePolicy) {
    /** What becomes of a connection on which a permanent failure came. */
    public enum FailurePolicy {
        /** It is closed, and it alone. */
        CLOSE_CONNECTION,
        /** It is closed, unless the peer does not speak the protocol at all: it may have come for another one. */
        CLOSE_IF_SPOKEN,
        /** It is left as it is; no exchange is started on it any more. */
        KEEP_CONNECTION
    }

    /** The most that {@link #asksPerSecond} and {@link #requestsPerSecond} can be. */
    public static final int MAX_ASKS_PER_SECOND = 10_000;

    /** A go peer gives up 20 s after a connection came up: two exchanges that stall, and a wait, have to fit into that. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** By then a go peer waits, however busy it is; and with three exchanges of 5 s it is within its 20 s. */
    private static final Duration REPEAT = Duration.ofSeconds(3);

    /** A thousand peers in 20 s, at the cost of a twentieth of a core. */
    private static final int ASKS_PER_SECOND = 50;

    /** Several times what a node does that asks all peers again with each change of its own. */
    private static final int REQUESTS_PER_SECOND = 10;

    private static final HandshakeOptions DEFAULTS = new HandshakeOptions(
            DEADLINE,
            DEADLINE,
            REPEAT,
            Optional.empty(),
            ASKS_PER_SECOND,
            REQUESTS_PER_SECOND,
            List.of(),
            FailurePolicy.CLOSE_CONNECTION);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when a duration is negative, the deadline or the wait is zero, or a rate is not 1 to {@value
     *     #MAX_ASKS_PER_SECOND}
     */
    public HandshakeOptions {
        if (exchangeDeadline.isNegative()
                || exchangeDeadline.isZero()
                || waitForPeer.isNegative()
                || waitForPeer.isZero()) {
            throw new IllegalArgumentException(
                    "deadline and wait are positive, not " + exchangeDeadline + ", " + waitForPeer);
        }
        if (repeatAfter.isNegative()) {
            throw new IllegalArgumentException("the time to a repeated exchange is not negative: " + repeatAfter);
        }
        if (asksPerSecond < 1 || asksPerSecond > MAX_ASKS_PER_SECOND) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_ASKS_PER_SECOND + " peers are asked a second, not " + asksPerSecond);
        }
        if (requestsPerSecond < 1 || requestsPerSecond > MAX_ASKS_PER_SECOND) {
            throw new IllegalArgumentException(
                    "a peer may start 1 to " + MAX_ASKS_PER_SECOND + " exchanges a second, not " + requestsPerSecond);
        }
        filters = List.copyOf(filters);
    }

    /**
     * 5 s for an exchange and for the wait, repeated after 3 s, our own network alone, 50 peers asked again a second, 10 exchanges of one peer a second, no filters,
     * connections are closed.
     */
    public static HandshakeOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another deadline for one exchange, from its start. */
    public HandshakeOptions withExchangeDeadline(Duration value) {
        return new HandshakeOptions(
                value,
                waitForPeer,
                repeatAfter,
                acceptedNetworks,
                asksPerSecond,
                requestsPerSecond,
                filters,
                failurePolicy);
    }

    /** These options with another wait for a peer that has to start. */
    public HandshakeOptions withWaitForPeer(Duration value) {
        return new HandshakeOptions(
                exchangeDeadline,
                value,
                repeatAfter,
                acceptedNetworks,
                asksPerSecond,
                requestsPerSecond,
                filters,
                failurePolicy);
    }

    /** These options with another time from an exchange of ours to the one that follows it; zero for none. */
    public HandshakeOptions withRepeatAfter(Duration value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                value,
                acceptedNetworks,
                asksPerSecond,
                requestsPerSecond,
                filters,
                failurePolicy);
    }

    /** These options with networks that a peer may be on, which may change. */
    public HandshakeOptions withAcceptedNetworks(Supplier<Set<String>> value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                repeatAfter,
                Optional.of(value),
                asksPerSecond,
                requestsPerSecond,
                filters,
                failurePolicy);
    }

    /** These options with another rate at which peers are asked again. */
    public HandshakeOptions withAsksPerSecond(int value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                repeatAfter,
                acceptedNetworks,
                value,
                requestsPerSecond,
                filters,
                failurePolicy);
    }

    /** These options with another rate at which one peer may start exchanges. */
    public HandshakeOptions withRequestsPerSecond(int value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                repeatAfter,
                acceptedNetworks,
                asksPerSecond,
                value,
                filters,
                failurePolicy);
    }

    /** These options with other filters, called in this order. */
    public HandshakeOptions withFilters(List<NodeInfoFilter> value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                repeatAfter,
                acceptedNetworks,
                asksPerSecond,
                requestsPerSecond,
                value,
                failurePolicy);
    }

    /** These options with another policy for permanent failures. */
    public HandshakeOptions withFailurePolicy(FailurePolicy value) {
        return new HandshakeOptions(
                exchangeDeadline,
                waitForPeer,
                repeatAfter,
                acceptedNetworks,
                asksPerSecond,
                requestsPerSecond,
                filters,
                value);
    }
}
