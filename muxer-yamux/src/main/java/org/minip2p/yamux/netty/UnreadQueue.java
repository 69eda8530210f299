package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a stream that wait for a read. Its memory is bounded by its bytes, not by the frames in which they arrived:
 * a piece of less than half of the buffer that it keeps alive is copied to the end of the piece before it. So the kept
 * memory is at most twice the unread bytes, plus a small amount per stream.
 *
 * <p>It owns the buffers in it. Confined to the connection's event loop.
 */
final class UnreadQueue {
    /** The smallest and the largest buffer that pieces are copied into, in bytes. */
    private static final int MIN_COPY_BYTES = 256;

    private static final int MAX_COPY_BYTES = 65_536;

    /** The overhead of a piece besides its bytes. */
    private static final int PIECE_BYTES = 128;

    /** Nearly all streams that have unread bytes have one piece. */
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);

    /** The last piece, when it is a copy that has room. */
    private @Nullable ByteBuf copy;

    private long keptBytes;

    /** The memory that is kept alive, in bytes. */
    long keptBytes() {
        return keptBytes;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /**
     * Takes bytes over.
     *
     * @param bytes released by this queue
     */
    void add(ByteBufAllocator allocator, ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length >= MIN_COPY_BYTES && 2L * length >= root(bytes).capacity()) {
            copy = null;
            addPiece(bytes);
            return;
        }
        try {
            while (bytes.isReadable()) {
                ByteBuf target = copy;
                if (target == null || target.maxWritableBytes() == 0) {
                    int size = Math.min(Math.max(bytes.readableBytes(), MIN_COPY_BYTES), MAX_COPY_BYTES);
                    target = allocator.buffer(size, MAX_COPY_BYTES);
                    copy = target;
                    addPiece(target);
                }
                int before = target.capacity();
                target.writeBytes(bytes, Math.min(bytes.readableBytes(), target.maxWritableBytes()));
                keptBytes += target.capacity() - before;
            }
        } finally {
            bytes.release();
        }
    }

    private void addPiece(ByteBuf piece) {
        pieces.add(piece);
        keptBytes += cost(piece);
    }

    private static long cost(ByteBuf piece) {
        return (long) PIECE_BYTES + root(piece).capacity();
    }

    /** The buffer that a slice keeps alive. */
    private static ByteBuf root(ByteBuf slice) {
        ByteBuf buffer = slice;
        for (ByteBuf inner; (inner = buffer.unwrap()) != null; ) {
            buffer = inner;
        }
        return buffer;
    }

    /** The first piece, released by the caller. */
    ByteBuf poll() {
        ByteBuf first = pieces.remove();
        keptBytes -= cost(first);
        if (pieces.isEmpty()) {
            copy = null; // it would be the last piece
        }
        return first;
    }

    void clear() {
        copy = null;
        keptBytes = 0;
        for (ByteBuf piece; (piece = pieces.poll()) != null; ) {
            piece.release();
        }
    }
}
