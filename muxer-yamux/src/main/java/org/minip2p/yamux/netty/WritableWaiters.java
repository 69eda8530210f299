package org.minip2p.yamux.netty;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.ConnectionBudget;

/**
 * Streams that noticed that the connection is not writable, and are notified when it is again. There may be thousands
 * of streams, and the connection may change with every frame, so no other stream is notified.
 *
 * <p>Thread-safe: other threads check whether they may write.
 */
final class WritableWaiters {
    @SuppressWarnings("rawtypes") // a class has no type arguments
    private static final AtomicReferenceFieldUpdater<WritableWaiters, Queue> WAITING =
            AtomicReferenceFieldUpdater.newUpdater(WritableWaiters.class, Queue.class, "waiting");

    private final Wire wire;
    private final Turn turn;
    private final ConnectionBudget budget;

    /** Whether the connection or the host exceeds its memory, so that no stream is writable. */
    private volatile boolean overdrawn;

    /** Made by the first. */
    private volatile @Nullable Queue<Runnable> waiting;

    WritableWaiters(Wire wire, Turn turn, ConnectionBudget budget) {
        this.wire = wire;
        this.turn = turn;
        this.budget = budget;
    }

    boolean isConnectionWritable() {
        return !overdrawn && wire.isWritable();
    }

    boolean isOverdrawn() {
        return overdrawn;
    }

    /** What is held has changed. Event loop only. */
    void look() {
        boolean now = budget.isExceeded();
        if (now != overdrawn) {
            overdrawn = now;
        }
    }

    /**
     * Adds one.
     *
     * @param told run on the event loop when the connection takes bytes again
     */
    void add(Runnable told) {
        queue().add(told);
        if (isConnectionWritable()) {
            wire.runLater(turn::work); // it changed before this one was on the list
        }
    }

    /**
     * Notifies the stream that has waited longest, if the connection is writable; returns whether there was one. Event
     * loop only.
     */
    boolean tellNext() {
        look();
        Queue<Runnable> queue = waiting;
        Runnable told = queue != null && isConnectionWritable() ? queue.poll() : null;
        if (told == null) {
            return false;
        }
        told.run();
        return true;
    }

    private Queue<Runnable> queue() {
        Queue<Runnable> queue = waiting;
        while (queue == null) {
            WAITING.compareAndSet(this, null, new ConcurrentLinkedQueue<>());
            queue = waiting;
        }
        return queue;
    }
}
