package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The frames to write, in their order: answers, a ping, window updates with ACKs and RSTs, then data. Streams that have
 * data and credit take turns (YMX-50, 55, 57). A stream has at most one pending flag of each kind.
 *
 * <p>Confined to the connection's event loop.
 */
final class FrameQueues {
    private final ReplyQueue replies = new ReplyQueue();
    private boolean pingPending;

    /** Created for the first stream that has a window update, ACK or RST to send. */
    private @Nullable ArrayDeque<FrameSource> control;

    /** Created for the first stream that has a SYN, data with credit or a FIN to send. */
    private @Nullable ArrayDeque<FrameSource> data;

    ReplyQueue replies() {
        return replies;
    }

    boolean isEmpty() {
        return replies.isEmpty() && !pingPending && isEmpty(control) && isEmpty(data);
    }

    void addPing() {
        pingPending = true;
    }

    /** Takes the pending ping; returns whether there was one. */
    boolean takePing() {
        boolean pending = pingPending;
        pingPending = false;
        return pending;
    }

    /** Called by a stream that is not in this queue. */
    void addControl(FrameSource source) {
        ArrayDeque<FrameSource> queue = control;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            control = queue;
        }
        queue.add(source);
    }

    /** Called by a stream that is not in this queue. */
    void addData(FrameSource source) {
        ArrayDeque<FrameSource> queue = data;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            data = queue;
        }
        queue.add(source);
    }

    /** The next stream that has a window update, ACK or RST to send; null when there is none. */
    @Nullable FrameSource pollControl() {
        FrameSource source = control == null ? null : control.poll();
        if (source != null) {
            source.controlTaken();
        }
        return source;
    }

    /** The stream whose turn it is to send SYN, data or FIN; null when there is none. */
    @Nullable FrameSource pollData() {
        FrameSource source = data == null ? null : data.poll();
        if (source != null) {
            source.dataTaken();
        }
        return source;
    }

    /** The session has ended: nothing in the queues will be sent. */
    void clear() {
        replies.clear();
        pingPending = false;
        control = null;
        data = null;
    }

    private static boolean isEmpty(@Nullable ArrayDeque<FrameSource> queue) {
        return queue == null || queue.isEmpty();
    }
}
