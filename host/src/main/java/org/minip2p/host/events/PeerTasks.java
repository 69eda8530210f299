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
 * Runs tasks on an executor, those with the same key one after the other in their order. Keeps nothing for a key that has no task.
 * Thread-safe.
 *
 * <h2>Tasks that do not return</h2>
 *
 * Whoever has a clock calls {@link #detachOverdue}. The queue of a task that has run too long is <em>detached</em>: what waits in it counts
 * no more, so that it holds nobody else up, and no more than a bounded number of tasks is added to it. When the task returns after all,
 * the others follow in their order, and the queue is one like any other again.
 */
final class PeerTasks {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTasks.class);

    /** What happens to queues. Called without a lock; what it throws is the caller's. */
    interface Observer {
        /** So many tasks of all keys are gone that there is room again. */
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
     * @param bounds from when on {@link #isCongested} and {@link #isBehind} are true
     * @param account told of the bytes that tasks keep, and with a minus when they do not any more
     * @param nanoTime the clock by which tasks take long
     * @param observer told of what happens, on the executor
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
     * Runs a task behind the others of its key.
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
            LOG.warn("the application's executor takes no task, events of key={} are lost error={}", key, e.toString());
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

    /** Whether the others can be told again. */
    private synchronized boolean forget(Object key) {
        Queue queue = queues.remove(key);
        if (queue == null) {
            return false;
        }
        long kept = queue.bytes;
        charge(queue, -kept);
        return gone(queue.size(), kept);
    }

    /** How many tasks wait or run, those of detached queues left out. */
    synchronized int waiting() {
        return waiting;
    }

    /** What they keep, in bytes. */
    synchronized long bytes() {
        return bytes;
    }

    /** Whether so much waits that nothing new should begin. */
    synchronized boolean isCongested() {
        return isFull();
    }

    /** Whether so much waits for this key, or is kept by all together, that nothing of it should be taken that adds to that. */
    synchronized boolean isBehind(Object key) {
        if (bytes >= bounds.bytes()) {
            return true;
        }
        Queue queue = queues.get(key);
        return queue != null
                && (queue.isDetached || queue.size() >= bounds.tasksPerPeer() || queue.bytes >= bounds.bytesPerPeer());
    }

    /** Whether nothing waits and nothing runs that can become overdue. */
    synchronized boolean isIdle() {
        return queues.size() == detached;
    }

    /** Detaches the queues of tasks that have run for the patience or longer. */
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
                LOG.error("listener failed key={}", key, e);
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
            LOG.warn("listener has returned after all key={} dropped={}", key, dropped);
            observer.reattached(key);
        }
        if (isRelief) {
            observer.relieved();
        }
    }

    /** Counts tasks that do not wait any more; whether that is a relief. */
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
