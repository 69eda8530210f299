package org.minip2p.host;

import java.time.Duration;
import org.minip2p.core.config.Setting;

/**
 * How many streams of one protocol a peer may have on all of its connections; see {@link ProtocolContext#limited}. Immutable.
 *
 * @param maxOpen the most open streams, at least 1
 * @param maxPerWindow the most streams opened in one window, at least 1
 * @param window the length of a window, above zero
 */
public record StreamQuota(int maxOpen, int maxPerWindow, Duration window) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException when one is out of its range
     * @param maxOpen the most open streams, at least 1
     * @param maxPerWindow the most streams opened in one window, at least 1
     * @param window the length of a window, above zero
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

    /**
     * Limits the open streams, but not the rate.
     *
     * @param maxOpen the most open streams of one peer
     * @return the quota
     */
    public static StreamQuota ofOpen(int maxOpen) {
        return new StreamQuota(maxOpen, Integer.MAX_VALUE, Setting.MAX_DURATION);
    }

    /**
     * Limits the open streams and the rate.
     *
     * @param maxPerWindow the most new streams of one peer in a window
     * @param window how long a window is
     * @return this quota with a rate
     */
    public StreamQuota withRate(int maxPerWindow, Duration window) {
        return new StreamQuota(maxOpen, maxPerWindow, window);
    }
}
