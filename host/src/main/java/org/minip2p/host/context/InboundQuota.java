package org.minip2p.host.context;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;

/**
 * Limits the open streams of one protocol per peer, and the rate of opening them, on all of the peer's connections. Keeps no state for
 * a peer without open or recent streams. Thread-safe.
 */
final class InboundQuota {
    /** Streams in one window when only those open at once are limited. */
    static final int ANY_NUMBER = Integer.MAX_VALUE;

    /** A peer's usage: streams open now, and streams opened since the start of the window. */
    private record Use(int open, long windowStartNanos, int openedInWindow) {}

    private final ConcurrentMap<PeerId, Use> uses = new ConcurrentHashMap<>();
    private final int maxOpen;
    private final int maxPerWindow;
    private final long windowNanos;
    private final LongSupplier nanoTime;

    /**
     * Creates an unused quota.
     *
     * @param maxOpen the most open streams of one peer
     * @param maxPerWindow the most streams that one peer may open in one window, or {@link #ANY_NUMBER}
     * @param windowNanos the length of a window
     */
    InboundQuota(int maxOpen, int maxPerWindow, long windowNanos, LongSupplier nanoTime) {
        this.maxOpen = maxOpen;
        this.maxPerWindow = maxPerWindow;
        this.windowNanos = windowNanos;
        this.nanoTime = nanoTime;
    }

    /** Takes a stream, if the peer may have it; {@link #release} must follow when it has ended. */
    boolean tryTake(PeerId peer) {
        long now = nanoTime.getAsLong();
        boolean[] taken = new boolean[1];
        uses.compute(peer, (key, known) -> {
            Use use = known == null ? new Use(0, now, 0) : renewed(known, now);
            taken[0] = use.open < maxOpen && use.openedInWindow < maxPerWindow;
            return taken[0] ? new Use(use.open + 1, use.windowStartNanos, use.openedInWindow + 1) : use;
        });
        return taken[0];
    }

    /** A stream that was taken has ended. */
    void release(PeerId peer) {
        long now = nanoTime.getAsLong();
        uses.computeIfPresent(peer, (key, known) -> {
            Use use = renewed(known, now);
            return orNothing(new Use(use.open - 1, use.windowStartNanos, use.openedInWindow));
        });
    }

    /** The peer has disconnected: forgets its recent streams. */
    void forget(PeerId peer) {
        uses.computeIfPresent(peer, (key, use) -> orNothing(new Use(use.open, use.windowStartNanos, 0)));
    }

    /** The number of peers with state. */
    int size() {
        return uses.size();
    }

    private Use renewed(Use use, long now) {
        return now - use.windowStartNanos < windowNanos ? use : new Use(use.open, now, 0);
    }

    private @Nullable Use orNothing(Use use) {
        boolean isCountOver = maxPerWindow == ANY_NUMBER || use.openedInWindow == 0;
        return use.open == 0 && isCountOver ? null : use;
    }
}
