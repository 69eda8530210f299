package org.minip2p.host.events;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on an executor, those with the same key one after the other in their order. Keeps nothing for a key that has no task.
 * Thread-safe.
 */
final class PeerTasks {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTasks.class);

    private final Executor executor;
    private final Runnable relieved;
    private final int congestedAt;
    private final Map<Object, ArrayDeque<Runnable>> queues = new HashMap<>();
    private int waiting;
    private boolean wasCongested;

    /**
     * An empty set of queues.
     *
     * @param executor runs the tasks
     * @param congestedAt from how many waiting tasks on {@link #isCongested} is true
     * @param relieved told, on the executor, when half of them are gone again
     */
    PeerTasks(Executor executor, int congestedAt, Runnable relieved) {
        this.executor = executor;
        this.congestedAt = congestedAt;
        this.relieved = relieved;
    }

    void execute(Object key, Runnable task) {
        synchronized (this) {
            waiting++;
            wasCongested |= waiting >= congestedAt;
            ArrayDeque<Runnable> queue = queues.get(key);
            if (queue != null) {
                queue.add(task);
                return;
            }
            queue = new ArrayDeque<>();
            queue.add(task);
            queues.put(key, queue);
        }
        try {
            executor.execute(() -> drain(key));
        } catch (Throwable e) { // the executor may be the application's
            LOG.warn("the application's executor takes no task, events of key={} are lost error={}", key, e.toString());
            if (forget(key)) {
                relieved.run();
            }
        }
    }

    /** Whether the others can be told again. */
    private synchronized boolean forget(Object key) {
        ArrayDeque<Runnable> queue = queues.remove(key);
        return gone(queue == null ? 0 : queue.size());
    }

    synchronized boolean isCongested() {
        return waiting >= congestedAt;
    }

    private void drain(Object key) {
        for (Runnable task = next(key); task != null; task = next(key)) {
            try {
                task.run();
            } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
                LOG.error("listener failed key={}", key, e);
            } finally {
                done();
            }
        }
    }

    private synchronized @Nullable Runnable next(Object key) {
        ArrayDeque<Runnable> queue = queues.get(key);
        Runnable task = queue == null ? null : queue.poll();
        if (task == null) {
            queues.remove(key);
        }
        return task;
    }

    private void done() {
        if (gone(1)) {
            relieved.run();
        }
    }

    /** Counts tasks that do not wait any more; whether that is a relief. */
    private synchronized boolean gone(int tasks) {
        waiting -= tasks;
        if (wasCongested && waiting <= congestedAt / 2) {
            wasCongested = false;
            return true;
        }
        return false;
    }
}
