package org.minip2p.host;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.minip2p.core.config.Setting;

/**
 * How to open a stream; see {@link Connection#openStream(java.util.List, StreamOptions, StreamHandler)}. Immutable.
 *
 * <pre>{@code
 * StreamOptions.defaults().withTimeout(Duration.ofSeconds(2)).withPeerEnd(PeerEnd.CLOSE_WITH_PEER)
 * }</pre>
 *
 * @param timeout how long the opening may take; {@link HostConfig#OPEN_TIMEOUT} by default
 * @param peerEnd what happens to the stream when the peer has ended its side
 */
public record StreamOptions(Optional<Duration> timeout, PeerEnd peerEnd) {
    private static final StreamOptions DEFAULTS = new StreamOptions(Optional.empty(), PeerEnd.HALF_OPEN);

    /**
     * Checks the time-out.
     *
     * @throws IllegalArgumentException when it is not positive, or longer than 24 hours
     * @param timeout how long the opening may take; {@link HostConfig#OPEN_TIMEOUT} by default
     * @param peerEnd what happens to the stream when the peer has ended its side
     */
    public StreamOptions {
        Objects.requireNonNull(peerEnd, "peerEnd");
        timeout.ifPresent(StreamOptions::check);
    }

    private static void check(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Setting.MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "expected a time-out that is positive and not above " + Setting.MAX_DURATION + ", not " + timeout);
        }
    }

    /**
     * The host's time-out; the stream stays half-open when the peer has ended its side, like a stream of Netty's QUIC.
     *
     * @return the options
     */
    public static StreamOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the time after which the opening fails with {@link StreamOpenTimeoutException}.
     *
     * @param limit the time, positive
     * @return these options with that time
     * @throws IllegalArgumentException when it is not positive, or longer than 24 hours
     */
    public StreamOptions withTimeout(Duration limit) {
        return new StreamOptions(Optional.of(limit), peerEnd);
    }

    /**
     * Sets what happens to the stream when the peer has ended its side.
     *
     * @param meaning what that means
     * @return these options with that end
     */
    public StreamOptions withPeerEnd(PeerEnd meaning) {
        return new StreamOptions(timeout, meaning);
    }
}
