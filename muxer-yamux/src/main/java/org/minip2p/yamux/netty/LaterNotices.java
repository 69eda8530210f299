package org.minip2p.yamux.netty;

import java.util.ArrayDeque;

/**
 * Notices for stream handlers, delivered after the current call stack has returned. All notices of one task are delivered in one later task,
 * and data that handlers write or streams that they open there leave together: a handler that opens the next stream when one has ended does not
 * cause a flush for each.
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

    /** Runs a notice later, or at once if the event loop has ended, since then nothing can run later. */
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

    /** Notices that are added meanwhile get a separate task, so that other tasks get their turn. */
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
