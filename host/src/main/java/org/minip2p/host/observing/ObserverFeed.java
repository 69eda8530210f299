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
 * Accepts observations on any thread without waiting, and passes them to the observers on one thread. Observations that do not fit
 * are dropped and counted: a slow or stuck observer costs the host at most the queue. Thread-safe.
 */
public final class ObserverFeed {
    /** About a megabyte of observations, enough for a garbage collection pause at a hundred thousand streams a second. */
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
     * Creates the feed.
     *
     * @param observers the observers, called in this order
     * @param executor runs one task at a time
     */
    public ObserverFeed(List<HostObserver> observers, Executor executor) {
        this.observers = List.copyOf(observers);
        this.executor = executor;
    }

    /** Queues this observation, or drops it. Any thread. */
    public void tell(HostObservation observation) {
        if (queue.offer(observation)) {
            schedule();
        } else {
            lost.incrementAndGet();
        }
    }

    /** Delivers this observation last, and nothing after it. It is never dropped. */
    public void end(HostObservation observation) {
        last = observation;
        schedule();
    }

    /** The number of waiting observations; approximate. */
    public int waiting() {
        return queue.size();
    }

    /** The number of dropped observations since the start. */
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
            LOG.trace("the host is closed: its observers receive no further observations"); // and nobody tries again
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
                return; // still scheduled: nothing is delivered after the end
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
                    LOG.error(
                            "observer threw, and keeps receiving observations; further exceptions are logged at debug",
                            e);
                } else {
                    LOG.debug("observer threw error={}", e.toString());
                }
            }
        }
    }
}
