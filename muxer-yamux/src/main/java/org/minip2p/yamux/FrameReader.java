package org.minip2p.yamux;

import org.jspecify.annotations.Nullable;

/**
 * The position in a connection's bytes: inside a header, or inside the body that the last header announced. It never sees a
 * body; it only counts its bytes.
 *
 * <p>Pass a header to {@link #header} when all of its bytes are available, or byte by byte to {@link #headerByte} (YMX-8).
 * After a header is complete its fields can be read until the next one is; while {@link #isInBody} the next bytes belong to the
 * body and are counted off with {@link #bodyRead}.
 *
 * <p>Confined to the connection's event loop.
 */
public final class FrameReader {
    /** A header that came in pieces; made for the first. */
    private byte @Nullable [] partial;

    private int partialBytes;

    private FrameType type = FrameType.DATA;
    private int flags;
    private long streamId;
    private long length;
    private long bodyRemaining;

    /** A reader that expects a header. */
    public FrameReader() {}

    /** Whether some but not all bytes of a header have come. */
    public boolean isInHeader() {
        return partialBytes > 0;
    }

    /** Whether bytes of the last frame's body are still to come. */
    public boolean isInBody() {
        return bodyRemaining > 0;
    }

    /** The bytes of the last frame's body that are still to come. */
    public long bodyRemaining() {
        return bodyRemaining;
    }

    /**
     * Takes one byte of a header.
     *
     * @return true when this byte completed it
     * @throws YamuxException when the header is complete and not valid
     */
    public boolean headerByte(byte next) throws YamuxException {
        byte[] bytes = partial;
        if (bytes == null) {
            bytes = new byte[YamuxHeader.SIZE_BYTES];
            partial = bytes;
        }
        bytes[partialBytes++] = next;
        if (partialBytes < bytes.length) {
            return false;
        }
        partialBytes = 0;
        header(word(bytes, 0), word(bytes, 4), word(bytes, 8));
        return true;
    }

    /**
     * Takes a whole header, as its three words.
     *
     * @throws YamuxException on another version or type than those of the specification (YMX-3, YMX-4)
     */
    public void header(int firstWord, int streamIdWord, int lengthWord) throws YamuxException {
        int version = YamuxHeader.version(firstWord);
        if (version != YamuxHeader.VERSION) {
            throw YamuxException.protocolError("version " + version + ", expected 0");
        }
        type = FrameType.of(YamuxHeader.type(firstWord));
        flags = YamuxHeader.flags(firstWord);
        streamId = Integer.toUnsignedLong(streamIdWord);
        length = Integer.toUnsignedLong(lengthWord);
        bodyRemaining = type == FrameType.DATA ? length : 0; // YMX-6
    }

    /**
     * Counts off bytes of the body.
     *
     * @param bytes how many were read, at most {@link #bodyRemaining}
     */
    public void bodyRead(long bytes) {
        assert bytes <= bodyRemaining;
        bodyRemaining -= bytes;
    }

    /** The type of the last frame. */
    public FrameType type() {
        return type;
    }

    /**
     * Whether the last frame has a flag.
     *
     * @param flag one of {@link Flags}
     */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The flag bits of the last frame, including unknown ones. */
    public int flags() {
        return flags;
    }

    /** The stream id of the last frame, unsigned. */
    public long streamId() {
        return streamId;
    }

    /** The length field of the last frame, unsigned; what it means depends on the type. */
    public long length() {
        return length;
    }

    /**
     * The error code of the last frame, which has RST; 0 for none. go-yamux sends it in the length of a window update (YMX-36).
     */
    public long resetCode() {
        return type == FrameType.WINDOW_UPDATE ? length : 0;
    }

    private static int word(byte[] bytes, int offset) {
        return (bytes[offset] << 24)
                | ((bytes[offset + 1] & 0xff) << 16)
                | ((bytes[offset + 2] & 0xff) << 8)
                | (bytes[offset + 3] & 0xff);
    }

    @Override
    public String toString() {
        return type + " flags=0x" + Integer.toHexString(flags) + " stream=" + streamId + " length=" + length;
    }
}
