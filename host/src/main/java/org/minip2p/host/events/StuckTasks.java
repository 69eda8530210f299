package org.minip2p.host.events;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects tasks that do not return: at intervals, and only while tasks run. So a task is detected between its time limit and a
 * quarter more. Thread-safe.
 */
final class StuckTasks {
    private static final Logger LOG = LoggerFactory.getLogger(StuckTasks.class);

    /** The number of checks within a task's time limit. */
    private static final int LOOKS = 4;

    private final PeerTasks tasks;
    private final EventExecutor peerExecutor;
    private final long intervalNanos;
    private final AtomicBoolean isWatching = new AtomicBoolean();

    StuckTasks(PeerTasks tasks, EventExecutor peerExecutor, Duration patience) {
        this.tasks = tasks;
        this.peerExecutor = peerExecutor;
        this.intervalNanos = Math.max(1, patience.toNanos() / LOOKS);
    }

    /** A task has been added. */
    void watch() {
        if (!isWatching.get() && !tasks.isIdle() && isWatching.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            var unused = peerExecutor.schedule(this::look, intervalNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("the host has ended, with all its connections");
        }
    }

    private void look() {
        try {
            tasks.detachOverdue();
        } finally {
            isWatching.set(false);
            watch();
        }
    }
}
