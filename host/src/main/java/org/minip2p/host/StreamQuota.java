package org.minip2p.host;

import java.time.Duration;
import org.minip2p.core.config.Setting;

/**
 * How many streams of one protocol a peer may have, whatever the number of its connections; see {@link ProtocolContext#limited}. Immutable.
 *
 * @param maxOpen at once, at least 1
 * @param maxPerWindow that it opens in one window, at least 1
 * @param window how long that is, above zero
 */
public record StreamQuota(int maxOpen, int maxPerWindow, Duration window) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException when one is out of its range
     */
    public StreamQuota {
        if (maxOpen < 1 || maxPerWindow < 1) {
            throw new IllegalArgumentException(
                    "expected at least one stream, but got maxOpen=" + maxOpen + " maxPerWindow=" + maxPerWindow);
        }
        if (window.isNegative() || window.isZero() || window.compareTo(Setting.MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "expected a window that is positive and not above " + Setting.MAX_DURATION + ", not " + window);
        }
    }

    /** So many at once, as often as the peer likes. */
    public static StreamQuota ofOpen(int maxOpen) {
        return new StreamQuota(maxOpen, Integer.MAX_VALUE, Setting.MAX_DURATION);
    }

    /** So many at once, and no more than so many in a while. */
    public StreamQuota withRate(int maxPerWindow, Duration window) {
        return new StreamQuota(maxOpen, maxPerWindow, window);
    }
}
