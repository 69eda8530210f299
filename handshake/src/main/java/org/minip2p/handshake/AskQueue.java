package org.minip2p.handshake;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;

/**
 * The peers that the application wants to ask again: each once, in the order of the requests, at a limited rate. So a thousand peers
 * cause no burst, and a peer that is requested a thousand times is asked once. Confined to the protocol context.
 */
final class AskQueue {
    /** Runs a task after a delay. */
    interface Timers {
        ScheduledFuture<?> schedule(Duration delay, Runnable task);
    }

    private final Timers timers;
    private final long intervalNanos;
    private final Predicate<PeerId> asking;
    private final Set<PeerId> waiting = new LinkedHashSet<>();
    private @Nullable ScheduledFuture<?> pause;

    /**
     * An empty queue.
     *
     * @param timers schedules the next peer
     * @param perSecond the most peers asked per second
     * @param asking asks one; false when that peer is not connected, which uses no time
     */
    AskQueue(Timers timers, int perSecond, Predicate<PeerId> asking) {
        this.timers = timers;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.asking = asking;
    }

    /** Asks this peer when its turn comes: at once, if no peer was asked just before. */
    void add(PeerId peer) {
        waiting.add(peer);
        askNext();
    }

    /** Whether the queue is empty. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Clears the queue. */
    void clear() {
        waiting.clear();
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }

    private void askNext() {
        Iterator<PeerId> next = waiting.iterator();
        while (pause == null && next.hasNext()) {
            PeerId peer = next.next();
            next.remove();
            if (asking.test(peer)) {
                pause = timers.schedule(Duration.ofNanos(intervalNanos), this::endPause);
            }
        }
    }

    private void endPause() {
        pause = null;
        askNext();
    }
}
