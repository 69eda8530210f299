package org.minip2p.handshake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Options of the handshake. Immutable.
 *
 * @param exchangeDeadline the time limit of one exchange, from its start
 * @param waitForPeer how long this side waits for a peer that should start, before it starts itself
 * @param repeatAfter the time after which our first exchange on a connection is repeated once; zero for never. Otherwise an SSV node in Go that
 *     served a request before it began to wait for one would give up after 20 s
 * @param acceptedNetworks supplies the networks that a peer may be on now; without it, only our own current network. Called on the application's
 *     executor whenever a request or a response has been read; an exception or an empty set is logged and fails the exchange
 * @param asksPerSecond the most peers asked again per second
 * @param requestsPerSecond the most exchanges that one peer may start per second, averaged over ten seconds; others are reset
 * @param filters the application's checks of a peer, in this order, after all other checks; called on its executor
 * @param failurePolicy what happens to a connection after a permanent failure
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
    /** What happens to a connection after a permanent failure. */
    public enum FailurePolicy {
        /** Only this connection is closed. */
        CLOSE_CONNECTION,
        /** It is closed, unless the peer does not speak the protocol at all: it may use the connection for another one. */
        CLOSE_IF_SPOKEN,
        /** It stays open; no further exchange is started on it. */
        KEEP_CONNECTION
    }

    /** The maximum of {@link #asksPerSecond} and {@link #requestsPerSecond}. */
    public static final int MAX_ASKS_PER_SECOND = 10_000;

    /** A go peer gives up 20 s after a connection is established: two stalled exchanges and a wait must fit into that. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** By then even a busy go peer waits; with three exchanges of 5 s it fits into the 20 s. */
    private static final Duration REPEAT = Duration.ofSeconds(3);

    /** A thousand peers in 20 s, at the cost of a twentieth of a core. */
    private static final int ASKS_PER_SECOND = 50;

    /** Several times the rate of a node that asks all peers again after each of its own changes. */
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
     * @param exchangeDeadline the time limit of one exchange, from its start
     * @param waitForPeer how long this side waits for a peer that should start, before it starts itself
     * @param repeatAfter the time after which our first exchange on a connection is repeated once; zero for never. Otherwise an SSV node in
     *     Go that served a request before it began to wait for one would give up after 20 s
     * @param acceptedNetworks supplies the networks that a peer may be on now; without it, only our own current network. Called on the
     *     application's executor whenever a request or a response has been read; an exception or an empty set is logged and fails the
     *     exchange
     * @param asksPerSecond the most peers asked again per second
     * @param requestsPerSecond the most exchanges that one peer may start per second, averaged over ten seconds; others are reset
     * @param filters the application's checks of a peer, in this order, after all other checks; called on its executor
     * @param failurePolicy what happens to a connection after a permanent failure
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
     *
     * @return the options
     */
    public static HandshakeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return these options with another deadline for one exchange, from its start}
     *
     * @param value the deadline, above zero
     */
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

    /**
     * {@return these options with another wait for a peer that should start}
     *
     * @param value the wait, above zero
     */
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

    /**
     * {@return these options with another time before our first exchange on a connection is repeated; zero for no repeat}
     *
     * @param value the time
     */
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

    /**
     * {@return these options with a supplier of the networks that a peer may be on}
     *
     * @param value supplies the network ids
     */
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

    /**
     * {@return these options with another rate at which peers are asked again}
     *
     * @param value peers in a second
     */
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

    /**
     * {@return these options with another rate at which one peer may start exchanges}
     *
     * @param value exchanges in a second
     */
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

    /**
     * {@return these options with other filters, called in this order}
     *
     * @param value the filters
     */
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

    /**
     * {@return these options with another policy for permanent failures}
     *
     * @param value the policy
     */
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
