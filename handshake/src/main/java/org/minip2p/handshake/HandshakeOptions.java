package org.minip2p.handshake;

import java.time.Duration;
import java.util.List;

/**
 * How handshakes are made. Immutable.
 *
 * @param exchangeDeadline for one exchange, from the opening of its stream
 * @param waitForPeer how long a peer that has to start may take before this side does
 * @param repeatAfter how long after an exchange of ours another follows, once, unless the peer has asked us meanwhile; zero for never.
 *     An SSV node in Go that has served a request before it began to wait for one would else give up after 20 s
 * @param filters what the application checks of a peer, in this order, after everything else
 * @param failurePolicy what becomes of a connection on which a permanent failure came
 */
public record HandshakeOptions(
        Duration exchangeDeadline,
        Duration waitForPeer,
        Duration repeatAfter,
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

    /** A go peer gives up 20 s after a connection came up: two exchanges that stall, and a wait, have to fit into that. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** By then a go peer waits, however busy it is, and it looks once a second. */
    private static final Duration REPEAT = Duration.ofSeconds(3);

    private static final HandshakeOptions DEFAULTS =
            new HandshakeOptions(DEADLINE, DEADLINE, REPEAT, List.of(), FailurePolicy.CLOSE_CONNECTION);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when a duration is negative, or the deadline or the wait is zero
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
        filters = List.copyOf(filters);
    }

    /** 5 s for an exchange and for the wait, repeated after 3 s, no filters, connections are closed. */
    public static HandshakeOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another deadline for one exchange, from the opening of its stream. */
    public HandshakeOptions withExchangeDeadline(Duration value) {
        return new HandshakeOptions(value, waitForPeer, repeatAfter, filters, failurePolicy);
    }

    /** These options with another wait for a peer that has to start. */
    public HandshakeOptions withWaitForPeer(Duration value) {
        return new HandshakeOptions(exchangeDeadline, value, repeatAfter, filters, failurePolicy);
    }

    /** These options with another time from an exchange of ours to the one that follows it; zero for none. */
    public HandshakeOptions withRepeatAfter(Duration value) {
        return new HandshakeOptions(exchangeDeadline, waitForPeer, value, filters, failurePolicy);
    }

    /** These options with other filters, called in this order. */
    public HandshakeOptions withFilters(List<NodeInfoFilter> value) {
        return new HandshakeOptions(exchangeDeadline, waitForPeer, repeatAfter, value, failurePolicy);
    }

    /** These options with another policy for permanent failures. */
    public HandshakeOptions withFailurePolicy(FailurePolicy value) {
        return new HandshakeOptions(exchangeDeadline, waitForPeer, repeatAfter, filters, value);
    }
}
