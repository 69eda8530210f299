package org.minip2p.host.events;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.host.HostEvent;
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

    /**
     * A listener of the application's.
     *
     * @param key what it is known by
     * @param observer tells it
     */
    private record Listener(Object key, EventObserver observer) {}

    private final List<EventObserver> observers = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<StuckListener> stuckListeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> waitingForRelief = new ConcurrentLinkedQueue<>();
    private final PeerTasks tasks;
    private final StuckTasks stuck;

    /**
     * No listeners yet.
     *
     * @param application runs the listeners
     * @param bounds how much may wait for it
     * @param account told of the bytes that what waits keeps, and with a minus when it does not any more
     * @param peerExecutor on which is looked after listeners that do not return
     * @param nanoTime by which they do not
     */
    public Events(
            Executor application,
            EventBounds bounds,
            LongConsumer account,
            EventExecutor peerExecutor,
            LongSupplier nanoTime) {
        this.tasks = new PeerTasks(application, bounds, account, nanoTime, new Waiting());
        this.stuck = new StuckTasks(tasks, peerExecutor, bounds.patience());
    }

    /** What is done about a listener that does not return. */
    public interface StuckListener {
        /** It has not for too long. Peer executor. */
        void stuck(@Nullable PeerId peer);

        /** It has after all. Any thread. */
        void returned(@Nullable PeerId peer);
    }

    /** Tells of listeners that do not return, from now on; called before there is an event. */
    public void onStuck(StuckListener listener) {
        stuckListeners.add(listener);
    }

    /** Tells events on the peer executor from now on. */
    public void addObserver(EventObserver observer) {
        observers.add(observer);
    }

    /** Tells this observer no more. */
    public void removeObserver(EventObserver observer) {
        observers.remove(observer);
    }

    /**
     * Tells events on the application's executor from now on.
     *
     * @param listener of the application's, by which {@link #removeListener} finds it
     * @param observer tells it
     */
    public void addListener(Object listener, EventObserver observer) {
        listeners.add(new Listener(listener, observer));
    }

    /** Tells this listener no more; once less if it was added several times. */
    public void removeListener(Object listener) {
        for (Listener each : listeners) {
            if (each.key.equals(listener)) {
                listeners.remove(each);
                return;
            }
        }
    }

    /**
     * Tells an event. Peer executor.
     *
     * @param peer whose event it is; null when that is not known
     * @param event what happened
     */
    public void tell(@Nullable PeerId peer, HostEvent event) {
        log(event);
        observers.forEach(observer -> tellOne(observer, event));
        if (!listeners.isEmpty()) {
            run(peer, () -> listeners.forEach(listener -> tellOne(listener.observer, event)));
        }
    }

    /** Tells one, on this thread. What it throws keeps nothing from the others. */
    public static void tellOne(EventObserver one, HostEvent event) {
        try {
            one.onEvent(event);
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("listener failed event={}", event, e);
        }
    }

    /** Runs a task of the application's, in order with the events of this peer. */
    public void run(@Nullable PeerId peer, Runnable task) {
        run(peer, 0, task);
    }

    /**
     * Runs a task of the application's, in order with the events of this peer.
     *
     * @param bytes how many it keeps until it has run
     */
    public void run(@Nullable PeerId peer, int bytes, Runnable task) {
        tasks.execute(peer == null ? NO_PEER : peer, bytes, task);
        stuck.watch();
    }

    /** Whether so much waits to be told of this peer, or is kept by what waits for all, that nothing more should be taken of it. */
    public boolean isBehind(PeerId peer) {
        return tasks.isBehind(peer);
    }

    /** How many tasks of the application's wait or run. */
    public int waiting() {
        return tasks.waiting();
    }

    /** What they keep, in bytes. */
    public long waitingBytes() {
        return tasks.bytes();
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

    /** What becomes of queues. */
    private final class Waiting implements PeerTasks.Observer {
        @Override
        public void relieved() {
            relieve();
        }

        @Override
        public void detached(Object key) {
            LOG.error("listener does not return: what follows waits for it, and connections are closed key={}", key);
            stuckListeners.forEach(listener -> listener.stuck(peer(key)));
        }

        @Override
        public void reattached(Object key) {
            stuckListeners.forEach(listener -> listener.returned(peer(key)));
        }

        private @Nullable PeerId peer(Object key) {
            return key instanceof PeerId peer ? peer : null;
        }
    }

    private void relieve() {
        for (Runnable task = waitingForRelief.poll(); task != null; task = waitingForRelief.poll()) {
            try {
                task.run();
            } catch (Throwable e) { // nothing may keep the others from going on
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
