package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.FramingException;

/**
 * Reads transport messages: cuts what is received into frames, each a message with its length in front, and opens them.
 *
 * <pre>
 *   +--------+----------------------+---------+
 *   | length | cipher text          | tag, 16 |
 *   | 2, BE  | up to 65,519 bytes   |         |
 *   +--------+----------------------+---------+
 * </pre>
 *
 * <p>A frame is opened where it is if the input has all of it in memory that suits the cipher, and comes out as a slice of the input, or as
 * the input itself when that ends with it; else it is copied first, each byte once. At a border between frames nothing is held.
 *
 * <p>Confined to the channel's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">Noise, wire format</a>
 */
final class TransportMessageReader {
    private static final int NONE = -1;

    private final CipherState cipher;
    private final boolean isDirect;
    private int firstLengthByte = NONE;
    private int length = NONE;
    private @Nullable ByteBuf partial;

    /**
     * A reader at a border.
     *
     * @param cipher opens the frames
     */
    TransportMessageReader(CipherState cipher) {
        this.cipher = cipher;
        isDirect = cipher.isDirect();
    }

    /**
     * The next frame.
     *
     * @param in what was received; read from, not released
     * @return its plain text, which the caller releases; null when more input is needed. It is {@code in} itself when nothing is behind it
     *     and nobody else holds that
     * @throws FramingException when a frame has no room for a tag (NOI-27)
     * @throws CipherException when a frame does not open
     */
    @Nullable ByteBuf next(ByteBufAllocator allocator, ByteBuf in) throws FramingException, CipherException {
        if (length == NONE) {
            readLength(in);
        }
        if (!in.isReadable()) {
            return null;
        }
        if (partial == null) {
            if (in.readableBytes() >= length && suits(in)) {
                open(in);
                return takeFrom(in);
            }
            partial = isDirect ? allocator.directBuffer(length, length) : allocator.heapBuffer(length, length);
        }
        partial.writeBytes(in, Math.min(partial.writableBytes(), in.readableBytes()));
        if (partial.isWritable()) {
            return null;
        }
        open(partial);
        ByteBuf plainText = partial.writerIndex(length - CipherState.TAG_BYTES);
        partial = null;
        length = NONE;
        return plainText;
    }

    /** The plain text of the frame that was opened in the input. */
    private ByteBuf takeFrom(ByteBuf in) {
        int plainTextBytes = length - CipherState.TAG_BYTES;
        boolean isLast = in.readableBytes() == length;
        length = NONE;
        if (isLast && in.refCnt() == 1) {
            return in.writerIndex(in.readerIndex() + plainTextBytes); // saves a slice
        }
        ByteBuf plainText = in.readRetainedSlice(plainTextBytes);
        in.skipBytes(CipherState.TAG_BYTES);
        return plainText;
    }

    /** Decrypts the frame that a buffer begins with where it is: the plain text, and unspecified bytes instead of the tag. */
    private void open(ByteBuf buffer) throws CipherException {
        if (length <= Scratch.SHORT_BYTES) {
            byte[] scratch = Scratch.of(length).array();
            buffer.getBytes(buffer.readerIndex(), scratch, 0, length);
            cipher.decrypt(scratch, 0, length);
            buffer.setBytes(buffer.readerIndex(), scratch, 0, length - CipherState.TAG_BYTES);
        } else if (isDirect) {
            cipher.decrypt(buffer.internalNioBuffer(buffer.readerIndex(), length));
        } else {
            cipher.decrypt(buffer.array(), buffer.arrayOffset() + buffer.readerIndex(), length);
        }
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

    /** Reads the length, or what there is of it: then nothing is left of the input. */
    private void readLength(ByteBuf in) throws FramingException {
        if (firstLengthByte == NONE && in.isReadable()) {
            firstLengthByte = in.readUnsignedByte();
        }
        if (!in.isReadable()) {
            return;
        }
        int announced = (firstLengthByte << Byte.SIZE) | in.readUnsignedByte();
        firstLengthByte = NONE;
        if (announced < CipherState.TAG_BYTES) {
            throw new FramingException(
                    FramingException.Reason.SHORT_FRAME,
                    "a frame has at least " + CipherState.TAG_BYTES + " bytes, not " + announced);
        }
        length = announced;
    }

    /** Whether the frame can be opened in this buffer itself. */
    private boolean suits(ByteBuf in) {
        if (in.isReadOnly()) {
            return false;
        }
        return length <= Scratch.SHORT_BYTES || (isDirect ? in.isDirect() && in.nioBufferCount() == 1 : in.hasArray());
    }
}
