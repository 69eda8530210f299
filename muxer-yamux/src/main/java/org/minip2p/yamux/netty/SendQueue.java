package org.minip2p.yamux.netty;

import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Application writes of a stream that are in no frame yet, in order. Only flushed bytes go into frames; several writes
 * go into one frame, and one write into several.
 *
 * <p>It owns the buffers in it. Confined to the connection's event loop.
 */
final class SendQueue {
    private @Nullable PendingWrite head;
    private @Nullable PendingWrite tail;
    private long queuedBytes;
    private long flushedBytes;

    /** All waiting bytes. */
    long queuedBytes() {
        return queuedBytes;
    }

    /** The flushed ones among them. */
    long flushedBytes() {
        return flushedBytes;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** Adds a write that has bytes. */
    void add(PendingWrite write) {
        if (tail == null) {
            head = write;
        } else {
            tail.next = write;
        }
        tail = write;
        queuedBytes += write.data.readableBytes();
    }

    /**
     * Adds a write without bytes: it is in no frame, and completes with the write before it. No callback of an
     * application may run between the parts of a frame, so it gets no entry of its own.
     */
    void addEmpty(ChannelPromise application) {
        if (tail == null) {
            application.trySuccess();
        } else {
            tail.addListener(before -> {
                if (before.isSuccess()) {
                    application.trySuccess();
                } else {
                    application.tryFailure(before.cause());
                }
            });
        }
    }

    /** Everything added so far may be sent. */
    void flush() {
        flushedBytes = queuedBytes;
    }

    /**
     * Writes a frame's body to the connection, without copying. A write's promise goes with its last byte.
     *
     * @param bytes the body's length, at most {@link #flushedBytes}
     */
    void writeTo(Wire wire, int bytes) {
        queuedBytes -= bytes;
        flushedBytes -= bytes;
        int left = bytes;
        while (left > 0 && head != null) {
            PendingWrite write = head;
            int readable = write.data.readableBytes();
            if (readable > left) {
                wire.write(write.data.readRetainedSlice(left), wire.ctx().voidPromise());
                return;
            }
            left -= readable;
            removeHead(write);
            wire.write(write.data, write);
        }
    }

    /** Drops everything; each promise fails. */
    void fail(Throwable cause) {
        PendingWrite write = head;
        head = null;
        tail = null;
        queuedBytes = 0;
        flushedBytes = 0;
        while (write != null) {
            PendingWrite next = write.next;
            write.fail(cause);
            write = next;
        }
    }

    private void removeHead(PendingWrite write) {
        head = write.next;
        write.next = null;
        if (head == null) {
            tail = null;
        }
    }
}
