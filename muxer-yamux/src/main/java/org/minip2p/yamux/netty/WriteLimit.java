package org.minip2p.yamux.netty;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.yamux.SendWindow;

/**
 * How much an application may write to a stream before the stream has to fail. A task of the event loop that began while the stream had room
 * may write any amount, since an encoder writes one message in many pieces. Writes of later tasks are limited.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteLimit {
    /** How much a stream may queue while its connection, or the host, exceeds its memory. */
    private static final int OVERDRAWN_BYTES = 16 << 10;

    private final StreamContext context;
    private final SendWindow window;
    private final Writability writability;
    private final SendQueue queue;

    /** The task of the event loop in which the stream ceased to have room. */
    private int fullSince = TaskClock.NEVER;

    /**
     * The limit of a new stream.
     *
     * @param window the credit that the peer has given
     * @param queue the unsent writes
     */
    WriteLimit(StreamContext context, SendWindow window, Writability writability, SendQueue queue) {
        this.context = context;
        this.window = window;
        this.writability = writability;
        this.queue = queue;
    }

    /**
     * The failure of a write that is too much; null when it is not.
     *
     * @param length its length, in bytes
     */
    @Nullable StreamQueueFullException overflow(int length) {
        long limit = context.waiters().isOverdrawn() ? OVERDRAWN_BYTES : context.maxQueuedBytes();
        long queued = queue.queuedBytes();
        if (queued + length <= limit || hasRoom() || context.tasks().isNow(fullSince)) {
            return null;
        }
        return new StreamQueueFullException(queued, length, limit);
    }

    /** Whether the queue is below the high water mark, and can be sent. */
    boolean hasRoom() {
        return isBelowHighWaterMark()
                && window.available() > 0
                && !context.waiters().isOverdrawn();
    }

    /** Whether the stream is writable with its queue. */
    boolean isBelowHighWaterMark() {
        return writability.isBelowHighWaterMark(queue.queuedBytes());
    }

    /** The queue has changed: a stream that had room may have none now. */
    void look(boolean hadRoom) {
        if (hadRoom && !hasRoom()) {
            fullSince = context.tasks().now();
        }
    }
}
