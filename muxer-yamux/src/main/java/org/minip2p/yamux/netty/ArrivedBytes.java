package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived on a connection and has not been read: usually nothing.
 *
 * <p>It owns the buffers in it. Confined to the connection's event loop.
 */
final class ArrivedBytes {
    /** The buffer that is read next; nearly always the only one. */
    private @Nullable ByteBuf next;

    /** Later buffers; created for the first one that must wait. */
    private @Nullable ArrayDeque<ByteBuf> later;

    /** What has arrived before the session started; created for the first bytes. */
    private @Nullable UnreadQueue early;

    /** Whether nothing waits to be read. */
    boolean isEmpty() {
        return next == null;
    }

    /** How much memory the bytes before the start keep. */
    long earlyBytes() {
        return early == null ? 0 : early.keptBytes();
    }

    /** Takes bytes over that may be read. */
    void add(ByteBuf bytes) {
        if (next == null) {
            next = bytes;
        } else {
            later().add(bytes);
        }
    }

    /** Takes bytes over that may be read after {@link #start}. */
    void addEarly(ByteBufAllocator allocator, ByteBuf bytes) {
        if (early == null) {
            early = new UnreadQueue();
        }
        early.add(allocator, bytes);
    }

    /** What has arrived so far may be read now. */
    void start() {
        UnreadQueue queue = early;
        early = null;
        while (queue != null && !queue.isEmpty()) {
            add(queue.poll());
        }
    }

    /** The first buffer, now the caller's. */
    @Nullable ByteBuf poll() {
        ByteBuf first = next;
        next = later == null ? null : later.poll();
        return first;
    }

    /** Takes the rest of the first buffer back. */
    void putBack(ByteBuf rest) {
        if (next != null) {
            later().addFirst(next);
        }
        next = rest;
    }

    void release() {
        if (early != null) {
            early.clear();
            early = null;
        }
        for (ByteBuf bytes; (bytes = poll()) != null; ) {
            bytes.release();
        }
    }

    private ArrayDeque<ByteBuf> later() {
        ArrayDeque<ByteBuf> queue = later;
        if (queue == null) {
            queue = new ArrayDeque<>();
            later = queue;
        }
        return queue;
    }
}
