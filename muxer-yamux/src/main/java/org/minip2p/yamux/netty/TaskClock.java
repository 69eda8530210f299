package org.minip2p.yamux.netty;

/**
 * Numbers the tasks of the event loop on demand: an encoder writes one message in many pieces, and a task that began with room must be
 * able to finish it.
 *
 * <p>Confined to the connection's event loop.
 */
final class TaskClock implements Runnable {
    /** The number of no task. */
    static final int NEVER = -1;

    private final Wire wire;
    private int task;
    private boolean isWatching;

    TaskClock(Wire wire) {
        this.wire = wire;
    }

    /**
     * The number of the current task. Tasks that already wait in the event loop count as the same one, since their data already exists.
     */
    int now() {
        if (!isWatching) {
            isWatching = true;
            wire.runLater(this);
        }
        return task;
    }

    /** Whether a task is the one that runs now. */
    boolean isNow(int other) {
        return other == task;
    }

    /** The task has ended. */
    @Override
    public void run() {
        isWatching = false;
        task = (task + 1) & Integer.MAX_VALUE;
    }
}
