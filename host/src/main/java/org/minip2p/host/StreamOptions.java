package org.minip2p.host;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.minip2p.core.config.Setting;

/**
 * How a stream is to be opened; see {@link Connection#openStream(java.util.List, StreamOptions, StreamHandler)}. Immutable.
 *
 * <pre>{@code
 * StreamOptions.defaults().withTimeout(Duration.ofSeconds(2)).withPeerEnd(PeerEnd.CLOSE_WITH_PEER)
 * }</pre>
 *
 * @param timeout how long the opening may take; when nothing is said {@link HostConfig#OPEN_TIMEOUT}
 * @param peerEnd what becomes of the stream when the peer has ended its side
 */
public record StreamOptions(Optional<Duration> timeout, PeerEnd peerEnd) {
    private static final StreamOptions DEFAULTS = new StreamOptions(Optional.empty(), PeerEnd.HALF_OPEN);

    /**
     * Checks the time-out.
     *
     * @throws IllegalArgumentException when it is not positive, or longer than 24 hours
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

    /** The host's time-out; the stream stays half-open when the peer has ended its side, as one of Netty's QUIC does. */
    public static StreamOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The opening fails with {@link StreamOpenTimeoutException} after so long.
     *
     * @throws IllegalArgumentException when it is not positive, or longer than 24 hours
     */
    public StreamOptions withTimeout(Duration limit) {
        return new StreamOptions(Optional.of(limit), peerEnd);
    }

    /** What becomes of the stream when the peer has ended its side. */
    public StreamOptions withPeerEnd(PeerEnd meaning) {
        return new StreamOptions(timeout, meaning);
    }
}
