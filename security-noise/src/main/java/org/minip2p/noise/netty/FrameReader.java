package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.RecordException;

/**
 * Cuts what is received into frames.
 *
 * <pre>
 *   +--------+----------------------+---------+
 *   | length | cipher text          | tag, 16 |
 *   | 2, BE  | up to 65,519 bytes   |         |
 *   +--------+----------------------+---------+
 * </pre>
 *
 * <p>A frame comes out in memory that suits the cipher: it is a slice of the input if that does and has all of it, else it is copied, each
 * byte once. At a border between frames nothing is held.
 *
 * <p>Confined to the channel's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">Noise, wire format</a>
 */
final class FrameReader {
    private static final int NONE = -1;

    private final boolean isDirect;
    private int firstLengthByte = NONE;
    private int length = NONE;
    private @Nullable ByteBuf partial;

    /**
     * A reader at a border.
     *
     * @param isDirect whether frames are needed in direct memory; if not, in arrays
     */
    FrameReader(boolean isDirect) {
        this.isDirect = isDirect;
    }

    /**
     * The next frame.
     *
     * @param in what was received; read from, not released
     * @return a cipher text with its tag, which the caller releases; null when more input is needed
     * @throws RecordException when a frame has no room for a tag (NOI-27)
     */
    @Nullable ByteBuf next(ByteBufAllocator allocator, ByteBuf in) throws RecordException {
        if ((length == NONE && !readLength(in)) || !in.isReadable()) {
            return null;
        }
        if (partial == null) {
            if (in.readableBytes() >= length && suits(in)) {
                return completed(in.readRetainedSlice(length));
            }
            partial = isDirect ? allocator.directBuffer(length, length) : allocator.heapBuffer(length, length);
        }
        partial.writeBytes(in, Math.min(partial.writableBytes(), in.readableBytes()));
        return partial.isWritable() ? null : completed(partial);
    }

    /** Whether the end of the input would now cut a frame (NOI-32). */
    boolean isInsideFrame() {
        return length != NONE || firstLengthByte != NONE;
    }

    /** Drops what is held. */
    void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private ByteBuf completed(ByteBuf frame) {
        partial = null;
        length = NONE;
        return frame;
    }

    private boolean readLength(ByteBuf in) throws RecordException {
        if (firstLengthByte == NONE) {
            if (!in.isReadable()) {
                return false;
            }
            firstLengthByte = in.readUnsignedByte();
        }
        if (!in.isReadable()) {
            return false;
        }
        int announced = (firstLengthByte << Byte.SIZE) | in.readUnsignedByte();
        firstLengthByte = NONE;
        if (announced < CipherState.TAG_BYTES) {
            throw new RecordException(
                    RecordException.Reason.SHORT_FRAME,
                    "a frame has at least " + CipherState.TAG_BYTES + " bytes, not " + announced);
        }
        length = announced;
        return true;
    }

    /** Whether the cipher can work in this buffer itself. */
    private boolean suits(ByteBuf in) {
        return !in.isReadOnly() && (isDirect ? in.isDirect() && in.nioBufferCount() == 1 : in.hasArray());
    }
}
