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
 * Delivers events: first to the observers, in the task that caused the event, then to the application's listeners on their own
 * executor. Events are not dropped; {@link #isCongested} says when so many wait that nothing new should begin. Thread-safe.
 */
public final class Events {
    /** The logger name for the host's events. */
    public static final String LOGGER = "org.minip2p.host.Host";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final Object NO_PEER = new Object();

    /**
     * A listener of the application.
     *
     * @param key identifies it
     * @param observer calls it
     */
    private record Listener(Object key, EventObserver observer) {}

    private final List<EventObserver> observers = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<StuckListener> stuckListeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> waitingForRelief = new ConcurrentLinkedQueue<>();
    private final PeerTasks tasks;
    private final StuckTasks stuck;

    /**
     * Creates the events without listeners.
     *
     * @param application runs the listeners
     * @param bounds the limits of what may wait for it
     * @param account counts the bytes that waiting tasks keep; negative when they are released
     * @param peerExecutor where listeners that do not return are detected
     * @param nanoTime the clock for this
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

    /** Reacts to a listener that does not return. */
    public interface StuckListener {
        /** It has not returned for too long. Peer executor. */
        void stuck(@Nullable PeerId peer);

        /** It has finally returned. Any thread. */
        void returned(@Nullable PeerId peer);
    }

    /** Sets who reacts to listeners that do not return; called before the first event. */
    public void onStuck(StuckListener listener) {
        stuckListeners.add(listener);
    }

    /** Adds an observer, called on the peer executor. */
    public void addObserver(EventObserver observer) {
        observers.add(observer);
    }

    /** Removes an observer. */
    public void removeObserver(EventObserver observer) {
        observers.remove(observer);
    }

    /**
     * Adds a listener, called on the application's executor.
     *
     * @param listener the application's listener, for {@link #removeListener}
     * @param observer calls it
     */
    public void addListener(Object listener, EventObserver observer) {
        listeners.add(new Listener(listener, observer));
    }

    /** Removes a listener, once if it was added several times. */
    public void removeListener(Object listener) {
        for (Listener each : listeners) {
            if (each.key.equals(listener)) {
                listeners.remove(each);
                return;
            }
        }
    }

    /**
     * Delivers an event. Peer executor.
     *
     * @param peer the peer of the event; null when it is not known
     * @param event what happened
     */
    public void tell(@Nullable PeerId peer, HostEvent event) {
        log(event);
        observers.forEach(observer -> tellOne(observer, event));
        if (!listeners.isEmpty()) {
            run(peer, () -> listeners.forEach(listener -> tellOne(listener.observer, event)));
        }
    }

    /** Calls one observer, on this thread. Its exception does not affect the others. */
    public static void tellOne(EventObserver one, HostEvent event) {
        try {
            one.onEvent(event);
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("listener threw event={}", event, e);
        }
    }

    /** Runs a task of the application, in order with the events of this peer. */
    public void run(@Nullable PeerId peer, Runnable task) {
        run(peer, 0, task);
    }

    /**
     * Runs a task of the application, in order with the events of this peer.
     *
     * @param bytes how many it keeps until it has run
     */
    public void run(@Nullable PeerId peer, int bytes, Runnable task) {
        tasks.execute(peer == null ? NO_PEER : peer, bytes, task);
        stuck.watch();
    }

    /**
     * Whether too many tasks wait for this peer, or too many bytes for all peers, so that nothing more should be accepted from it.
     */
    public boolean isBehind(PeerId peer) {
        return tasks.isBehind(peer);
    }

    /** The number of application tasks that wait or run. */
    public int waiting() {
        return tasks.waiting();
    }

    /** The bytes that they keep. */
    public long waitingBytes() {
        return tasks.bytes();
    }

    /** Whether so many events wait that nothing new should begin. */
    public boolean isCongested() {
        return tasks.isCongested();
    }

    /** Runs a task once when enough waiting events have been processed; at once if that is already true. */
    public void onRelief(Runnable task) {
        waitingForRelief.add(task);
        if (!isCongested()) {
            relieve();
        }
    }

    /** Reacts to changes of the queues. */
    private final class Waiting implements PeerTasks.Observer {
        @Override
        public void relieved() {
            relieve();
        }

        @Override
        public void detached(Object key) {
            LOG.error("listener has not returned: later events wait for it, and connections are closed key={}", key);
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
            } catch (Throwable e) { // a failure must not stop the others
                LOG.error("a task that waited for the queue of events to shrink failed", e);
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
