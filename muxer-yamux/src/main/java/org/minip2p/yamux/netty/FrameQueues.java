package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written, in the order in which it goes: answers, a ping, window updates with ACKs and RSTs, then data.
 * Streams that have data and credit take turns (YMX-50, 55, 57). A stream has one pending flag of each kind, however
 * often it was set.
 *
 * <p>Confined to the connection's event loop.
 */
final class FrameQueues {
    private final ReplyQueue replies = new ReplyQueue();
    private boolean pingPending;

    /** Made by the first stream that has a window update, ACK or RST to send. */
    private @Nullable ArrayDeque<FrameSource> control;

    /** Made by the first stream that has a SYN, data with credit or a FIN to send. */
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

    /** Whether a ping was to be sent; then it is not any more. */
    boolean takePing() {
        boolean pending = pingPending;
        pingPending = false;
        return pending;
    }

    /** To be called by a stream that is not queued for it. */
    void addControl(FrameSource source) {
        ArrayDeque<FrameSource> queue = control;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            control = queue;
        }
        queue.add(source);
    }

    /** To be called by a stream that is not queued for it. */
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

    /** The session is over: nothing of this will be sent. */
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
