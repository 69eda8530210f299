package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What came for a stream that nobody has asked for yet. The memory it holds is bounded by the bytes in it, not by the
 * frames they came in: a slice that pins a much larger buffer, and bytes that come in small pieces, are copied
 * together.
 *
 * <p>It owns the buffers in it. Confined to the connection's event loop.
 */
final class UnreadQueue {
    /** The smallest and the largest buffer that pieces are copied into, in bytes. */
    private static final int MIN_COPY_BYTES = 256;

    private static final int MAX_COPY_BYTES = 65_536;

    /** Nearly all streams that have unread bytes have one piece. */
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);

    /** The last piece, when it is a copy that has room. */
    private @Nullable ByteBuf copy;

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /**
     * Takes bytes over.
     *
     * @param bytes released by this queue
     * @param pinnedBytes the size of the buffer that {@code bytes} keeps alive
     */
    void add(ByteBufAllocator allocator, ByteBuf bytes, int pinnedBytes) {
        int length = bytes.readableBytes();
        if (length >= MIN_COPY_BYTES && 2L * length >= pinnedBytes) {
            copy = null;
            pieces.add(bytes);
            return;
        }
        try {
            while (bytes.isReadable()) {
                ByteBuf target = copy;
                if (target == null || target.maxWritableBytes() == 0) {
                    int size = Math.min(Math.max(bytes.readableBytes(), MIN_COPY_BYTES), MAX_COPY_BYTES);
                    target = allocator.buffer(size, MAX_COPY_BYTES);
                    copy = target;
                    pieces.add(target);
                }
                target.writeBytes(bytes, Math.min(bytes.readableBytes(), target.maxWritableBytes()));
            }
        } finally {
            bytes.release();
        }
    }

    /** The first piece, released by the caller. */
    ByteBuf poll() {
        ByteBuf first = pieces.remove();
        if (pieces.isEmpty()) {
            copy = null; // it would be the last piece
        }
        return first;
    }

    void clear() {
        copy = null;
        for (ByteBuf piece; (piece = pieces.poll()) != null; ) {
            piece.release();
        }
    }
}
