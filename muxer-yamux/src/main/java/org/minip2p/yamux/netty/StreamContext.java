package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.YamuxStream;

/**
 * What the streams of one connection share, and all that they know of it.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamContext {
    private final Wire wire;
    private final Turn turn;
    private final FrameQueues queues;
    private final WritableWaiters waiters;
    private final ClosingStreams closing;
    private final long maxQueuedBytes;

    /** Made by the first stream that ends. */
    private @Nullable ArrayDeque<YamuxStream> released;

    /**
     * What the streams share.
     *
     * @param maxQueuedBytes the most bytes that may wait in the queue of one stream
     */
    StreamContext(
            Wire wire,
            Turn turn,
            FrameQueues queues,
            WritableWaiters waiters,
            ClosingStreams closing,
            long maxQueuedBytes) {
        this.wire = wire;
        this.turn = turn;
        this.queues = queues;
        this.waiters = waiters;
        this.closing = closing;
        this.maxQueuedBytes = maxQueuedBytes;
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

    WritableWaiters waiters() {
        return waiters;
    }

    ClosingStreams closing() {
        return closing;
    }

    long maxQueuedBytes() {
        return maxQueuedBytes;
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
