package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.YamuxStream;

/**
 * What the streams of one connection share, and all that they know of it. Most of it is made for the first that needs
 * it: many connections are idle.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamContext {
    private final Wire wire;
    private final Turn turn;
    private final FrameQueues queues;
    private final long closeTimeoutNanos;
    private final long maxQueuedBytes;
    private @Nullable WritableWaiters waiters;
    private @Nullable ClosingStreams closing;
    private @Nullable ArrayDeque<YamuxStream> released;

    /**
     * What the streams share.
     *
     * @param maxQueuedBytes the most bytes that may wait in the queue of one stream
     * @param closeTimeoutNanos how long a closed stream waits for the peer's FIN
     */
    StreamContext(Wire wire, Turn turn, FrameQueues queues, long maxQueuedBytes, long closeTimeoutNanos) {
        this.wire = wire;
        this.turn = turn;
        this.queues = queues;
        this.maxQueuedBytes = maxQueuedBytes;
        this.closeTimeoutNanos = closeTimeoutNanos;
    }

    Wire wire() {
        return wire;
    }

    Turn turn() {
        return turn;
    }

    FrameQueues queues() {
        return queues;
    }

    long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    long closeTimeoutNanos() {
        return closeTimeoutNanos;
    }

    /** Those that wait for the connection to take bytes. */
    WritableWaiters waiters() {
        WritableWaiters made = waiters;
        if (made == null) {
            made = new WritableWaiters(wire, turn);
            waiters = made;
        }
        return made;
    }

    /** Tells one of those that wait, if the connection takes bytes; returns whether there was one. */
    boolean tellWritable() {
        return waiters != null && waiters.tellNext();
    }

    /** Those that wait for the peer's FIN. */
    ClosingStreams closing() {
        ClosingStreams made = closing;
        if (made == null) {
            made = new ClosingStreams(wire, closeTimeoutNanos);
            closing = made;
        }
        return made;
    }

    /** The session is over: no FIN is waited for any more. */
    void stopClosing() {
        if (closing != null) {
            closing.stop();
        }
    }

    /** Nothing is left of a stream. */
    void released(YamuxStream stream) {
        ArrayDeque<YamuxStream> queue = released;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            released = queue;
        }
        queue.add(stream);
    }

    /** A stream of which nothing is left, once for each; null when there is none. */
    @Nullable YamuxStream pollReleased() {
        return released == null ? null : released.poll();
    }
}
