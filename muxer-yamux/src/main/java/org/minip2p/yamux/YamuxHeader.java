package org.minip2p.yamux;

/**
 * The header of a frame: 12 bytes, big endian (YMX-2).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |  version = 0  |     type      |             flags             |
 * +---------------+---------------+-------------------------------+
 * |                           stream id                           |
 * +---------------------------------------------------------------+
 * |     length: body bytes, credit, ping value or go away code    |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * It is written and read as three words of 32 bits, so that a frame needs no object. {@link FrameReader} reads it.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md#framing">Framing</a>
 */
public final class YamuxHeader {
    /** The size of every header, in bytes. */
    public static final int SIZE_BYTES = 12;

    /** The only version there is (YMX-3). */
    static final int VERSION = 0;

    /** Stream ids and lengths are unsigned words of 32 bits. */
    static final long MAX_UINT32 = 0xffff_ffffL;

    private YamuxHeader() {}

    /**
     * The first word of a header.
     *
     * @param type the frame's type
     * @param flags bits of {@link Flags}
     */
    public static int firstWord(FrameType type, int flags) {
        return (VERSION << 24) | (type.code() << 16) | flags;
    }

    static int version(int firstWord) {
        return firstWord >>> 24;
    }

    static int type(int firstWord) {
        return (firstWord >>> 16) & 0xff;
    }

    static int flags(int firstWord) {
        return firstWord & 0xffff;
    }
}
