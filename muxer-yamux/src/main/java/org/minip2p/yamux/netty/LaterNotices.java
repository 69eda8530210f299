package org.minip2p.yamux.netty;

import java.util.ArrayDeque;

/**
 * What the handlers of streams are told when whoever is on the stack has returned. All that comes up in one task is told in one other task, and
 * what the handlers write or open from in there leaves together: whoever opens the next stream when one has ended needs no flush for each.
 *
 * <p>Confined to the connection's event loop.
 */
final class LaterNotices implements Runnable {
    private final Wire wire;
    private final Turn turn;
    private final ArrayDeque<Runnable> notices = new ArrayDeque<>(2);
    private boolean isScheduled;

    LaterNotices(Wire wire, Turn turn) {
        this.wire = wire;
        this.turn = turn;
    }

    /** Runs a notice later; at once when the event loop has ended, and nothing runs later any more. */
    void add(Runnable notice) {
        notices.add(notice);
        if (!isScheduled) {
            schedule();
        }
    }

    private void schedule() {
        isScheduled = true;
        if (!wire.tryRunLater(this)) {
            run();
        }
    }

    /** Those that come up meanwhile get a task of their own: others may want the event loop, too. */
    @Override
    public void run() {
        turn.cork();
        try {
            for (int due = notices.size(); due > 0; due--) {
                notices.remove().run();
            }
        } finally {
            isScheduled = false;
            turn.uncork();
            if (!isScheduled && !notices.isEmpty()) {
                schedule();
            }
        }
    }
}
