package org.minip2p.yamux.netty;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Streams that noticed that the connection takes no bytes, and are told when it does again. There may be thousands of
 * streams, and the connection may change with every frame: so nobody else is told.
 *
 * <p>Thread-safe: other threads ask whether they may write.
 */
final class WritableWaiters {
    @SuppressWarnings("rawtypes") // a class has no type arguments
    private static final AtomicReferenceFieldUpdater<WritableWaiters, Queue> WAITING =
            AtomicReferenceFieldUpdater.newUpdater(WritableWaiters.class, Queue.class, "waiting");

    private final Wire wire;
    private final Turn turn;

    /** Made by the first. */
    private volatile @Nullable Queue<Runnable> waiting;

    WritableWaiters(Wire wire, Turn turn) {
        this.wire = wire;
        this.turn = turn;
    }

    boolean isConnectionWritable() {
        return wire.isWritable();
    }

    /**
     * Adds one.
     *
     * @param told run on the event loop when the connection takes bytes again
     */
    void add(Runnable told) {
        queue().add(told);
        if (wire.isWritable()) {
            wire.runLater(turn::work); // it changed before this one was on the list
        }
    }

    /**
     * Tells the one that waits longest, if the connection takes bytes; returns whether there was one. Event loop only.
     */
    boolean tellNext() {
        Queue<Runnable> queue = waiting;
        Runnable told = queue != null && wire.isWritable() ? queue.poll() : null;
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
