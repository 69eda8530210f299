package org.minip2p.yamux.netty;

/**
 * Numbers the tasks of the event loop, as far as somebody wants to know: an encoder writes one message in many pieces, and whoever began a
 * task with room has to be able to finish it.
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

    /** The number of the task that runs now. Tasks that wait in the event loop already count as the same one: what they write exists. */
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

    /** The task is over. */
    @Override
    public void run() {
        isWatching = false;
        task = (task + 1) & Integer.MAX_VALUE;
    }
}
