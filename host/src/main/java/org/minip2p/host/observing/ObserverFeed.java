package org.minip2p.host.observing;

import io.netty.util.internal.PlatformDependent;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObserver;
import org.minip2p.host.events.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes observations from any thread without waiting, and tells them to the observers on one thread. What does not fit is dropped and
 * counted: an observer may be slow, or never return, and costs the host no more than the queue. Thread-safe.
 */
public final class ObserverFeed {
    /** About a megabyte of observations, enough for a pause of a collection at a hundred thousand streams a second. */
    static final int CAPACITY = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private final List<HostObserver> observers;
    private final Executor executor;
    private final Queue<HostObservation> queue = PlatformDependent.newFixedMpscQueue(CAPACITY);
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private volatile @Nullable HostObservation last;

    // Confined to the executor, whose tasks follow one another.
    private final Set<HostObserver> failed = Collections.newSetFromMap(new IdentityHashMap<>());
    private long lostTold;

    /**
     * Nothing is told yet.
     *
     * @param observers who is told, in this order
     * @param executor runs one task at a time
     */
    public ObserverFeed(List<HostObserver> observers, Executor executor) {
        this.observers = List.copyOf(observers);
        this.executor = executor;
    }

    /** Tells this when its turn comes, or drops it. Any thread. */
    public void tell(HostObservation observation) {
        if (queue.offer(observation)) {
            schedule();
        } else {
            lost.incrementAndGet();
        }
    }

    /** Tells this behind everything else, and nothing after it. Never dropped. */
    public void end(HostObservation observation) {
        last = observation;
        schedule();
    }

    /** How many wait to be told; about. */
    public int waiting() {
        return queue.size();
    }

    /** How many were dropped since the start. */
    public long lost() {
        return lost.get();
    }

    private void schedule() {
        if (isScheduled.get() || !isScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.trace("the host is closed: its observers are told nothing more"); // and nobody tries again
        }
    }

    private void drain() {
        do {
            HostObservation next;
            while ((next = queue.poll()) != null) {
                tellLost();
                tellAll(next);
            }
            tellLost();
            HostObservation end = last;
            if (end != null && queue.isEmpty()) {
                tellAll(end);
                return; // still scheduled: nothing is told after the end
            }
            isScheduled.set(false);
        } while ((!queue.isEmpty() || last != null) && isScheduled.compareAndSet(false, true));
    }

    private void tellLost() {
        long since = lost.get() - lostTold;
        if (since > 0) {
            lostTold += since;
            tellAll(new HostObservation.Lost(since));
        }
    }

    private void tellAll(HostObservation observation) {
        for (HostObserver observer : observers) {
            try {
                observation.tell(observer);
            } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
                if (failed.add(observer)) {
                    LOG.error("observer failed, and is told on; what else it throws is logged at debug", e);
                } else {
                    LOG.debug("observer failed error={}", e.toString());
                }
            }
        }
    }
}
