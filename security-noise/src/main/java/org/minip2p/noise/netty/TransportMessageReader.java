package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.FramingException;

/**
 * Reads transport messages: splits the received bytes into frames, each a message with its length in front, and opens them.
 *
 * <pre>
 *   +--------+----------------------+---------+
 *   | length | cipher text          | tag, 16 |
 *   | 2, BE  | up to 65,519 bytes   |         |
 *   +--------+----------------------+---------+
 * </pre>
 *
 * <p>A frame is opened from the input if the input contains all of it, in memory that suits the cipher. A cipher for direct memory opens it to
 * a new buffer, so that a part of the input does not keep all of it alive. A short frame, and any frame for a cipher that needs arrays, is
 * opened in place: the result is a slice of the input, or the input itself if it ends with the frame. When only part of a frame has arrived,
 * the next read is appended to that part, if there is room for the whole frame ({@link ReceiveBuffers}); otherwise, or with other buffers, the
 * parts are copied together, each byte once. Between frames nothing is held.
 *
 * <p>Confined to the channel's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">Noise, wire format</a>
 */
final class TransportMessageReader {
    private static final int NONE = -1;

    private final CipherState cipher;
    /** The buffers of the socket; null when they are unknown or unsuitable. */
    private @Nullable ReceiveBuffers buffers;

    private int firstLengthByte = NONE;
    private int length = NONE;
    /** The incomplete frame, from {@link #partialStart} to {@link #partialEnd}; a read may append to it. */
    private @Nullable ByteBuf partial;

    private int partialStart;
    private int partialEnd;

    /**
     * Creates a reader between two frames.
     *
     * @param cipher opens the frames
     */
    TransportMessageReader(CipherState cipher) {
        this.cipher = cipher;
    }

    /** Sets the buffers of the socket. */
    void setBuffers(ReceiveBuffers buffers) {
        this.buffers = cipher.isDirect() ? buffers : null;
    }

    /**
     * The next frame.
     *
     * @param in the received bytes; read from, not released
     * @return its plain text, which the caller releases; null when more input is needed. It is {@code in} itself when nothing follows the
     *     frame and there is no other reference
     * @throws FramingException when a frame is too short for a tag (NOI-27)
     * @throws CipherException when a frame does not open
     */
    @SuppressWarnings("ReferenceEquality") // whose buffer it is, not what is in it
    @Nullable ByteBuf next(ByteBufAllocator allocator, ByteBuf in) throws FramingException, CipherException {
        if (partial == in) {
            resume(in);
        }
        if (length == NONE) {
            readLength(in);
        }
        if (!in.isReadable()) {
            return null;
        }
        if (partial == null && in.readableBytes() >= length && suits(in)) {
            return isOpenedApart() ? openApart(allocator, in) : openIn(in);
        }
        if (partial == null && mayReadOnIn(in)) {
            readOnIn(in.retain());
            return null;
        }
        return copy(allocator, in);
    }

    /** Whether it is the socket's own buffer, with room for the rest of the frame. */
    private boolean mayReadOnIn(ByteBuf in) {
        return buffers != null && buffers.isLast(in) && in.capacity() - in.readerIndex() >= length && suits(in);
    }

    /** The socket was read again: the frame is in the input, from its start. */
    private void resume(ByteBuf in) {
        in.readerIndex(partialStart);
        partial = null;
        stopReadingOn();
        in.release();
    }

    /** Lets the next read append to the incomplete frame; then only the new bytes are readable. */
    private void readOnIn(ByteBuf buffer) {
        partial = buffer;
        partialStart = buffer.readerIndex();
        partialEnd = buffer.writerIndex();
        buffer.readerIndex(partialEnd);
        if (buffers != null) {
            buffers.continueIn(buffer);
        }
    }

    private void stopReadingOn() {
        if (buffers != null) {
            buffers.stopContinuing();
        }
    }

    private @Nullable ByteBuf copy(ByteBufAllocator allocator, ByteBuf in) throws CipherException {
        ByteBuf target = partial;
        if (target == null) {
            target = cipher.isDirect() ? allocator.directBuffer(length, length) : allocator.heapBuffer(length, length);
        } else if (buffers != null) {
            // A handler in front of us passes other buffers than those of the socket, where a read may be pending: from
            // now on everything is
            // copied.
            stopReadingOn();
            buffers = null;
            ByteBuf begun = target;
            target = allocator.directBuffer(length, length).writeBytes(begun, partialStart, partialEnd - partialStart);
            partial = target;
            begun.release();
        } else {
            target.readerIndex(partialStart);
        }
        target.writeBytes(in, Math.min(target.writableBytes(), in.readableBytes()));
        if (target.readableBytes() < length) {
            readOnIn(target);
            return null;
        }
        partial = null;
        if (isOpenedApart()) {
            try {
                return openApart(allocator, target);
            } finally {
                target.release();
            }
        }
        try {
            return openIn(target);
        } catch (CipherException | RuntimeException | Error e) {
            target.release();
            throw e;
        }
    }

    private boolean isOpenedApart() {
        return cipher.isDirect() && length > Scratch.SHORT_BYTES;
    }

    /** Decrypts the first frame of a buffer to a new one. */
    private ByteBuf openApart(ByteBufAllocator allocator, ByteBuf in) throws CipherException {
        ByteBuf plainText = allocator.directBuffer(length, length);
        try {
            cipher.decrypt(in.internalNioBuffer(in.readerIndex(), length), plainText.internalNioBuffer(0, length));
        } catch (CipherException | RuntimeException | Error e) {
            plainText.release();
            throw e;
        }
        in.skipBytes(length);
        plainText.writerIndex(length - CipherState.TAG_BYTES);
        length = NONE;
        return plainText;
    }

    /** Decrypts the first frame of a buffer in place; returns the buffer itself when nothing follows the frame. */
    private ByteBuf openIn(ByteBuf in) throws CipherException {
        if (length <= Scratch.SHORT_BYTES) {
            byte[] scratch = Scratch.of(length).array();
            in.getBytes(in.readerIndex(), scratch, 0, length);
            cipher.decrypt(scratch, 0, length);
            in.setBytes(in.readerIndex(), scratch, 0, length - CipherState.TAG_BYTES);
        } else {
            cipher.decrypt(in.array(), in.arrayOffset() + in.readerIndex(), length);
        }
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

    /** Whether the end of the input would now cut a frame (NOI-32). */
    boolean isInsideFrame() {
        return length != NONE || firstLengthByte != NONE;
    }

    /** The bytes that an incomplete frame keeps alive. */
    int keptBytes() {
        return partial == null ? 0 : partial.capacity();
    }

    /** Drops the held bytes. */
    void release() {
        if (partial != null) {
            stopReadingOn();
            partial.release();
            partial = null;
        }
    }

    /** Reads the length, or the part of it that has arrived: then nothing is left of the input. */
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
        return length <= Scratch.SHORT_BYTES
                || (cipher.isDirect() ? in.isDirect() && in.nioBufferCount() == 1 : in.hasArray());
    }
}
