package org.minip2p.yamux.netty;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.yamux.SendWindow;

/**
 * How much an application may write to a stream before the stream has to fail. A task of the event loop that began while the stream had room
 * may write as much as it likes: an encoder writes one message in many pieces. What later tasks write is limited.
 *
 * <p>Confined to the connection's event loop.
 */
final class WriteLimit {
    /** What a stream may queue while its connection, or the host, holds more than it can. */
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
     * @param queue what was written and has not left
     */
    WriteLimit(StreamContext context, SendWindow window, Writability writability, SendQueue queue) {
        this.context = context;
        this.window = window;
        this.writability = writability;
        this.queue = queue;
    }

    /**
     * Why a write is too much; null when it is not.
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

    /** Whether what is queued is below the high water mark, and could leave. */
    boolean hasRoom() {
        return isBelowHighWaterMark()
                && window.available() > 0
                && !context.waiters().isOverdrawn();
    }

    /** Whether what is queued leaves the stream writable. */
    boolean isBelowHighWaterMark() {
        return writability.isBelowHighWaterMark(queue.queuedBytes());
    }

    /** Something was queued, or has left: a stream that had room before may not have any now. */
    void look(boolean hadRoom) {
        if (hadRoom && !hasRoom()) {
            fullSince = context.tasks().now();
        }
    }
}
