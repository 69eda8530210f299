package org.minip2p.yamux;

import java.time.Duration;

/**
 * The limits of a session. Each has a default; {@code defaults().withMaxInboundStreams(16)} changes one.
 *
 * @param maxInboundStreams the most streams that the peer may have open at once; a surplus one gets RST (YMX-74)
 * @param maxUnacknowledgedInbound the most of those whose ACK has not been sent (YMX-72); not under 256, or go and rust peers lose
 *     streams (YMX-73)
 * @param maxOutboundStreams the most streams that this end has open at once, further ones wait; rust ends the session at 512
 * @param streamSendQueueBytes the most bytes that may wait in a stream's queue; a write beyond fails
 * @param maxStreamWindowBytes how far a receive window may grow, in bytes
 * @param connectionBudgetBytes the most bytes unread or granted beyond the initial windows
 * @param maxResets the most resets of inbound streams by the peer, or refusals that it provokes, within {@code resetWindow} (YMX-76)
 * @param resetWindow the time in which resets are counted
 * @param closeTimeout how long a closed stream waits for the peer's FIN before it is reset
 * @param keepAliveInterval how often the peer is pinged, and how long it may be silent after one; zero for never (YMX-63)
 * @param writeStallTimeout how long the connection may take no byte of ours before the session ends (YMX-77)
 */
public record YamuxConfig(
        int maxInboundStreams,
        int maxUnacknowledgedInbound,
        int maxOutboundStreams,
        int streamSendQueueBytes,
        long maxStreamWindowBytes,
        long connectionBudgetBytes,
        int maxResets,
        Duration resetWindow,
        Duration closeTimeout,
        Duration keepAliveInterval,
        Duration writeStallTimeout) {

    private static final YamuxConfig DEFAULTS = new YamuxConfig(
            1024,
            256,
            256,
            1 << 20,
            16 << 20,
            64 << 20,
            200,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one makes no sense
     */
    public YamuxConfig {
        requirePositive(maxInboundStreams, "maxInboundStreams");
        requirePositive(maxUnacknowledgedInbound, "maxUnacknowledgedInbound");
        requirePositive(maxOutboundStreams, "maxOutboundStreams");
        requirePositive(streamSendQueueBytes, "streamSendQueueBytes");
        requirePositive(connectionBudgetBytes, "connectionBudgetBytes");
        requirePositive(maxResets, "maxResets");
        requirePositive(resetWindow.toNanos(), "resetWindow");
        requirePositive(closeTimeout.toNanos(), "closeTimeout");
        requirePositive(writeStallTimeout.toNanos(), "writeStallTimeout");
        if (keepAliveInterval.isNegative()) {
            throw new IllegalArgumentException("keepAliveInterval is negative: " + keepAliveInterval);
        }
        if (maxStreamWindowBytes < SendWindow.INITIAL_BYTES || maxStreamWindowBytes > YamuxHeader.MAX_UINT32) {
            throw new IllegalArgumentException("maxStreamWindowBytes is not between " + SendWindow.INITIAL_BYTES
                    + " and 2^32 - 1: " + maxStreamWindowBytes);
        }
    }

    /** The defaults. */
    public static YamuxConfig defaults() {
        return DEFAULTS;
    }

    /** This config with another {@link #maxInboundStreams}. */
    public YamuxConfig withMaxInboundStreams(int value) {
        return new YamuxConfig(
                value,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #maxUnacknowledgedInbound}. */
    public YamuxConfig withMaxUnacknowledgedInbound(int value) {
        return new YamuxConfig(
                maxInboundStreams,
                value,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #maxOutboundStreams}. */
    public YamuxConfig withMaxOutboundStreams(int value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                value,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #streamSendQueueBytes}. */
    public YamuxConfig withStreamSendQueueBytes(int value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                value,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #maxStreamWindowBytes}. */
    public YamuxConfig withMaxStreamWindowBytes(long value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                value,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #connectionBudgetBytes}. */
    public YamuxConfig withConnectionBudgetBytes(long value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                value,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #maxResets}. */
    public YamuxConfig withMaxResets(int value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                value,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #resetWindow}. */
    public YamuxConfig withResetWindow(Duration value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                value,
                closeTimeout,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #closeTimeout}. */
    public YamuxConfig withCloseTimeout(Duration value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                value,
                keepAliveInterval,
                writeStallTimeout);
    }

    /** This config with another {@link #keepAliveInterval}. */
    public YamuxConfig withKeepAliveInterval(Duration value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                value,
                writeStallTimeout);
    }

    /** This config with another {@link #writeStallTimeout}. */
    public YamuxConfig withWriteStallTimeout(Duration value) {
        return new YamuxConfig(
                maxInboundStreams,
                maxUnacknowledgedInbound,
                maxOutboundStreams,
                streamSendQueueBytes,
                maxStreamWindowBytes,
                connectionBudgetBytes,
                maxResets,
                resetWindow,
                closeTimeout,
                keepAliveInterval,
                value);
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is not positive: " + value);
        }
    }
}
