package org.minip2p.host.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on an executor, those with the same key one after the other in their order. Keeps no state for a key without tasks.
 * Thread-safe.
 *
 * <h2>Tasks that do not return</h2>
 *
 * The owner of a clock calls {@link #detachOverdue}. The queue of a task that has run too long is <em>detached</em>: its waiting tasks no
 * longer count, so that it delays no other key, and it accepts only a bounded number of tasks. When the task finally returns, the others
 * follow in their order, and the queue is a normal one again.
 */
final class PeerTasks {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTasks.class);

    /** Observes queues. Called without a lock; exceptions go to the caller. */
    interface Observer {
        /** Enough tasks have finished, over all keys, that there is room again. */
        void relieved();

        /** The task of a queue has run for too long, and the queue is detached. */
        void detached(Object key);

        /** The task of a queue that was detached has returned. */
        void reattached(Object key);
    }

    private record Task(Runnable action, int bytes) {}

    /** What waits for one key, and what runs. Guarded by the tasks. */
    private static final class Queue {
        private final ArrayDeque<Task> waiting = new ArrayDeque<>();
        private long bytes;
        private boolean isRunning;
        private long runningSinceNanos;
        private boolean isDetached;
        private int dropped;

        int size() {
            return waiting.size() + (isRunning ? 1 : 0);
        }
    }

    private final Executor executor;
    private final EventBounds bounds;
    private final LongConsumer account;
    private final LongSupplier nanoTime;
    private final Observer observer;
    private final Map<Object, Queue> queues = new HashMap<>();
    private int waiting;
    private long bytes;
    private int detached;
    private boolean wasCongested;

    /**
     * An empty set of queues.
     *
     * @param executor runs the tasks
     * @param bounds the limits for {@link #isCongested} and {@link #isBehind}
     * @param account counts the bytes that tasks keep; negative when they are released
     * @param nanoTime the clock for overdue tasks
     * @param observer called on the executor
     */
    PeerTasks(Executor executor, EventBounds bounds, LongConsumer account, LongSupplier nanoTime, Observer observer) {
        this.executor = executor;
        this.bounds = bounds;
        this.account = account;
        this.nanoTime = nanoTime;
        this.observer = observer;
    }

    void execute(Object key, Runnable task) {
        execute(key, 0, task);
    }

    /**
     * Runs a task after the others of its key.
     *
     * @param taskBytes how many bytes it keeps until it has run
     */
    void execute(Object key, int taskBytes, Runnable task) {
        synchronized (this) {
            Queue queue = queues.get(key);
            if (queue != null && queue.isDetached && queue.waiting.size() >= bounds.tasksPerPeer()) {
                queue.dropped++;
                return;
            }
            boolean isNew = queue == null;
            if (queue == null) {
                queue = new Queue();
                queues.put(key, queue);
            }
            queue.waiting.add(new Task(task, taskBytes));
            charge(queue, taskBytes);
            if (!queue.isDetached) {
                count(1, taskBytes);
            }
            if (!isNew) {
                return;
            }
        }
        try {
            executor.execute(() -> drain(key));
        } catch (Throwable e) { // the executor may be the application's
            LOG.warn(
                    "the application's executor rejected a task, events of key={} are lost error={}",
                    key,
                    e.toString());
            if (forget(key)) {
                observer.relieved();
            }
        }
    }

    private void charge(Queue queue, long more) {
        queue.bytes += more;
        account.accept(more);
    }

    private void count(int tasks, long taskBytes) {
        waiting += tasks;
        bytes += taskBytes;
        wasCongested |= isFull();
    }

    private boolean isFull() {
        return waiting >= bounds.tasks() || bytes >= bounds.bytes();
    }

    /** Whether there is room again. */
    private synchronized boolean forget(Object key) {
        Queue queue = queues.remove(key);
        if (queue == null) {
            return false;
        }
        long kept = queue.bytes;
        charge(queue, -kept);
        return gone(queue.size(), kept);
    }

    /** The number of tasks that wait or run, without those of detached queues. */
    synchronized int waiting() {
        return waiting;
    }

    /** The bytes that they keep. */
    synchronized long bytes() {
        return bytes;
    }

    /** Whether too much waits to begin anything new. */
    synchronized boolean isCongested() {
        return isFull();
    }

    /** Whether too many tasks wait for this key, or too many bytes for all keys, so that nothing that adds to them should be accepted. */
    synchronized boolean isBehind(Object key) {
        if (bytes >= bounds.bytes()) {
            return true;
        }
        Queue queue = queues.get(key);
        return queue != null
                && (queue.isDetached || queue.size() >= bounds.tasksPerPeer() || queue.bytes >= bounds.bytesPerPeer());
    }

    /** Whether no task that can become overdue waits or runs. */
    synchronized boolean isIdle() {
        return queues.size() == detached;
    }

    /** Detaches the queues of tasks that have run for the time limit or longer. */
    void detachOverdue() {
        List<Object> overdue = new ArrayList<>();
        boolean isRelief = false;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            for (Map.Entry<Object, Queue> entry : queues.entrySet()) {
                Queue queue = entry.getValue();
                if (queue.isRunning
                        && !queue.isDetached
                        && now - queue.runningSinceNanos >= bounds.patience().toNanos()) {
                    queue.isDetached = true;
                    detached++;
                    overdue.add(entry.getKey());
                    isRelief |= gone(queue.size(), queue.bytes);
                }
            }
        }
        if (isRelief) {
            observer.relieved();
        }
        overdue.forEach(observer::detached);
    }

    private void drain(Object key) {
        for (Task task = next(key); task != null; task = next(key)) {
            try {
                task.action.run();
            } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
                LOG.error("listener threw key={}", key, e);
            } finally {
                done(key, task);
            }
        }
    }

    private synchronized @Nullable Task next(Object key) {
        Queue queue = queues.get(key);
        Task task = queue == null ? null : queue.waiting.poll();
        if (queue == null || task == null) {
            queues.remove(key);
            return null;
        }
        queue.isRunning = true;
        queue.runningSinceNanos = nanoTime.getAsLong();
        return task;
    }

    private void done(Object key, Task task) {
        boolean wasDetached = false;
        boolean isRelief = false;
        int dropped = 0;
        synchronized (this) {
            Queue queue = queues.get(key);
            if (queue == null) {
                return; // this thread alone removes it
            }
            queue.isRunning = false;
            charge(queue, -task.bytes);
            if (queue.isDetached) {
                wasDetached = true;
                dropped = queue.dropped;
                queue.isDetached = false;
                detached--;
                queue.dropped = 0;
                count(queue.size(), queue.bytes);
            } else {
                isRelief = gone(1, task.bytes);
            }
        }
        if (wasDetached) {
            LOG.warn("listener returned after all key={} dropped={}", key, dropped);
            observer.reattached(key);
        }
        if (isRelief) {
            observer.relieved();
        }
    }

    /** Counts finished tasks; returns whether there is room again. */
    private boolean gone(int tasks, long taskBytes) {
        waiting -= tasks;
        bytes -= taskBytes;
        if (wasCongested && waiting <= bounds.tasks() / 2 && bytes <= bounds.bytes() / 2) {
            wasCongested = false;
            return true;
        }
        return false;
    }
}
