package org.minip2p.host.events;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.host.HostEvent;
import org.minip2p.host.HostListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells events: first the observers, in the task that made the event true, then the application's listeners on their own executor.
 * Events are not dropped; {@link #isCongested} says when so many wait that nothing new should begin. Thread-safe.
 */
public final class Events {
    /** Under which name the host says what happens to it. */
    public static final String LOGGER = "org.minip2p.host.Host";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final Object NO_PEER = new Object();

    private final List<HostListener> observers = new CopyOnWriteArrayList<>();
    private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> waitingForRelief = new ConcurrentLinkedQueue<>();
    private final PeerTasks tasks;

    /**
     * No listeners yet.
     *
     * @param application runs the listeners
     * @param maxWaiting from how many events on that wait for it nothing new should begin
     */
    public Events(Executor application, int maxWaiting) {
        this.tasks = new PeerTasks(application, maxWaiting, this::relieve);
    }

    /** Tells events on the peer executor from now on. */
    public void addObserver(HostListener observer) {
        observers.add(observer);
    }

    /** Tells this observer no more. */
    public void removeObserver(HostListener observer) {
        observers.remove(observer);
    }

    /** Tells events on the application's executor from now on. */
    public void addListener(HostListener listener) {
        listeners.add(listener);
    }

    /** Tells this listener no more. */
    public void removeListener(HostListener listener) {
        listeners.remove(listener);
    }

    /**
     * Tells an event. Peer executor.
     *
     * @param peer whose event it is; null when that is not known
     * @param event what happened
     */
    public void tell(@Nullable PeerId peer, HostEvent event) {
        log(event);
        tellAll(observers, event);
        if (!listeners.isEmpty()) {
            run(peer, () -> tellAll(listeners, event));
        }
    }

    /** Tells an event to some, on this thread. One that throws keeps nothing from the others. */
    public static void tellAll(List<HostListener> all, HostEvent event) {
        for (HostListener one : all) {
            try {
                one.onEvent(event);
            } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
                LOG.error("listener failed event={}", event, e);
            }
        }
    }

    /** Runs a task of the application's, in order with the events of this peer. */
    public void run(@Nullable PeerId peer, Runnable task) {
        tasks.execute(peer == null ? NO_PEER : peer, task);
    }

    /** Whether so many events wait that nothing new should begin. */
    public boolean isCongested() {
        return tasks.isCongested();
    }

    /** Runs a task once when enough of the waiting events have been taken; at once when they have already. */
    public void onRelief(Runnable task) {
        waitingForRelief.add(task);
        if (!isCongested()) {
            relieve();
        }
    }

    private void relieve() {
        for (Runnable task = waitingForRelief.poll(); task != null; task = waitingForRelief.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task that waited for relief failed", e);
            }
        }
    }

    private static void log(HostEvent event) {
        if (!LOG.isDebugEnabled()) {
            return; // an address is made only to be shown
        }
        if (event instanceof HostEvent.ConnectionEstablished e) {
            LOG.debug(
                    "connection={} established peer={} role={} address={} numEstablished={} otherEstablished={}",
                    e.connection().id(),
                    e.connection().remotePeer(),
                    e.connection().role(),
                    e.connection().remoteAddress(),
                    e.numEstablished(),
                    e.otherEstablished());
        } else if (event instanceof HostEvent.ConnectionClosed e) {
            if (e.cause().isClean()) {
                LOG.trace(
                        "connection={} closed peer={} cause={} numEstablished={}",
                        e.connection().id(),
                        e.connection().remotePeer(),
                        e.cause(),
                        e.numEstablished());
            } else {
                LOG.debug(
                        "connection={} closed peer={} cause={} numEstablished={}",
                        e.connection().id(),
                        e.connection().remotePeer(),
                        e.cause(),
                        e.numEstablished());
            }
        } else if (event instanceof HostEvent.OutgoingConnectionFailed e) {
            LOG.debug(
                    "outgoing connection failed peer={} address={} error={}",
                    e.peer().map(PeerId::toString).orElse("any"),
                    e.address(),
                    Printable.message(e.error()));
        } else if (event instanceof HostEvent.IncomingConnectionFailed e) {
            LOG.debug("incoming connection failed remote={} error={}", e.remoteAddress(), Printable.message(e.error()));
        }
    }
}
