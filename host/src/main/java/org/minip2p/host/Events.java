package org.minip2p.host;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells events: first the observers, in the task that made the event true, then the application's listeners on their own executor.
 * Events are not dropped; {@link #isCongested} says when so many wait that nothing new should begin. Thread-safe.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);
    private static final Object NO_PEER = new Object();

    private final List<HostListener> observers = new CopyOnWriteArrayList<>();
    private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> waitingForRelief = new ConcurrentLinkedQueue<>();
    private final PeerTasks tasks;

    Events(Executor application, int maxWaiting) {
        this.tasks = new PeerTasks(application, maxWaiting, this::relieve);
    }

    void addObserver(HostListener observer) {
        observers.add(observer);
    }

    void removeObserver(HostListener observer) {
        observers.remove(observer);
    }

    void addListener(HostListener listener) {
        listeners.add(listener);
    }

    void removeListener(HostListener listener) {
        listeners.remove(listener);
    }

    /** Called on the host's peer executor. */
    void tell(@Nullable PeerId peer, HostEvent event) {
        log(event);
        tell(observers, event);
        if (!listeners.isEmpty()) {
            run(peer, () -> tell(listeners, event));
        }
    }

    /** One that throws keeps nothing from the others. */
    private static void tell(List<HostListener> all, HostEvent event) {
        for (HostListener one : all) {
            try {
                one.onEvent(event);
            } catch (RuntimeException | AssertionError e) {
                LOG.error("listener failed event={}", event, e);
            }
        }
    }

    /** Runs a task of the application's, in order with the events of this peer. */
    void run(@Nullable PeerId peer, Runnable task) {
        tasks.execute(peer == null ? NO_PEER : peer, task);
    }

    boolean isCongested() {
        return tasks.isCongested();
    }

    /** Runs a task once when enough of the waiting events have been taken; at once when they have already. */
    void onRelief(Runnable task) {
        waitingForRelief.add(task);
        if (!isCongested()) {
            relieve();
        }
    }

    private void relieve() {
        for (Runnable task = waitingForRelief.poll(); task != null; task = waitingForRelief.poll()) {
            task.run();
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
                    e.error().getMessage());
        } else if (event instanceof HostEvent.IncomingConnectionFailed e) {
            LOG.debug(
                    "incoming connection failed remote={} error={}",
                    e.remoteAddress(),
                    e.error().getMessage());
        }
    }
}
