package org.minip2p.yamux;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts events that are rare with an honest peer but unlimited with a hostile one: resets and refusals (YMX-76), and
 * empty frames. One too many within the window ends the session.
 *
 * <p>Confined to the connection's event loop.
 */
final class FloodGuard {
    /**
     * The most frames within the window that carry nothing: empty data, credit of 0, no flag. An honest peer has little
     * reason for them, and they cost work without using a window (SEC-55).
     */
    static final int MAX_EMPTY_FRAMES = 10_000;

    private final int maxResets;
    private final Duration window;

    // Created for the first event, since honest peers cause few.
    private @Nullable RateLimit resets;
    private boolean isExceeded;
    private @Nullable RateLimit emptyFrames;

    /**
     * Creates a guard.
     *
     * @param maxResets the most resets and refusals within one window
     * @param window the time in which is counted
     */
    FloodGuard(int maxResets, Duration window) {
        this.maxResets = maxResets;
        this.window = window;
    }

    /**
     * Counts a reset by the peer, or one that it provoked.
     *
     * @throws YamuxException when it is one too many
     */
    void countReset(long nowNanos) throws YamuxException {
        countProvokedReset(nowNanos);
        check();
    }

    /** Counts a reset that the peer provoked, outside the reading of a frame: the next {@link #check} reports it. */
    void countProvokedReset(long nowNanos) {
        if (resets == null) {
            resets = new RateLimit(maxResets, window.toNanos());
        }
        isExceeded |= !resets.tryCount(nowNanos);
    }

    /** A stream of the peer ended cleanly: allows it one more reset. */
    void giveBack() {
        if (resets != null) {
            resets.giveBack();
        }
    }

    /** Checks the count.
     *
     * @throws YamuxException when there were too many resets
     */
    void check() throws YamuxException {
        if (isExceeded) {
            throw YamuxException.rateLimited("more than " + maxResets + " resets within " + window);
        }
    }

    /**
     * Counts a frame without content.
     *
     * @throws YamuxException when it is one too many
     */
    void countEmptyFrame(long nowNanos) throws YamuxException {
        if (emptyFrames == null) {
            emptyFrames = new RateLimit(MAX_EMPTY_FRAMES, window.toNanos());
        }
        if (!emptyFrames.tryCount(nowNanos)) {
            throw YamuxException.rateLimited(
                    "more than " + MAX_EMPTY_FRAMES + " frames without content within " + window);
        }
    }
}
