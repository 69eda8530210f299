package org.minip2p.core;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.minip2p.core.VarintException.Reason;

/**
 * The unsigned varint of multiformats: groups of seven bits, lowest first, bit 7 set on every byte but the last.
 *
 * <p>It holds 63 bits in at most nine bytes and has exactly one encoding of each number (VAR-1 to VAR-6). Numbers inside protobuf
 * messages follow protobuf's looser rules and are not read here (VAR-13). The decoder does not limit lengths: compare a length
 * from a peer with its layer's limit before you reserve memory for it (VAR-11).
 *
 * @see <a href="https://github.com/multiformats/unsigned-varint">multiformats/unsigned-varint</a>
 */
public final class Varint {
    /** The most bytes of one number: the specification's practical maximum. */
    public static final int MAX_BYTES = 9;

    private static final int BITS_PER_BYTE = 7;
    private static final int MORE = 0x80;
    private static final int PAYLOAD = 0x7f;

    private Varint() {}

    /**
     * The length of a number's encoding.
     *
     * @param value 0 to 2^63-1
     * @return 1 to {@value #MAX_BYTES} bytes
     * @throws IllegalArgumentException when the value is negative, that is 2^63 or above as an unsigned number
     */
    public static int size(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint holds 0 to 2^63-1, not " + Long.toUnsignedString(value));
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        return (bits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;
    }

    /**
     * Writes a number in the fewest bytes.
     *
     * @param value 0 to 2^63-1
     * @param target where it goes
     * @param offset index of the first byte written
     * @return how many bytes were written, 1 to {@value #MAX_BYTES}
     * @throws IllegalArgumentException when the value is negative
     * @throws IndexOutOfBoundsException when it does not fit; then nothing was written
     */
    public static int encode(long value, byte[] target, int offset) {
        int size = size(value);
        Objects.checkFromIndexSize(offset, size, target.length);
        long rest = value;
        for (int i = offset; i < offset + size - 1; i++) {
            target[i] = (byte) (rest | MORE);
            rest >>>= BITS_PER_BYTE;
        }
        target[offset + size - 1] = (byte) rest;
        return size;
    }

    /**
     * A number in the fewest bytes.
     *
     * @param value 0 to 2^63-1
     * @return a new array of 1 to {@value #MAX_BYTES} bytes
     * @throws IllegalArgumentException when the value is negative
     */
    public static byte[] encode(long value) {
        byte[] bytes = new byte[size(value)];
        encode(value, bytes, 0);
        return bytes;
    }

    /**
     * Reads one number and no byte after it (VAR-7, VAR-8).
     *
     * @param in read from its position, which moves past the number; it stays where it was when this throws
     * @return 0 to 2^63-1
     * @throws VarintException {@link Reason#INCOMPLETE} when the number continues after the limit of {@code in} (a stream that
     *     ends there has ended cleanly when {@code in} was empty, and inside a number otherwise), {@link Reason#NOT_MINIMAL} and
     *     {@link Reason#TOO_LONG} when no further byte could make it a number
     */
    public static long decode(ByteBuffer in) throws VarintException {
        int start = in.position();
        int available = Math.min(in.remaining(), MAX_BYTES);
        long value = 0;
        for (int i = 0; i < available; i++) {
            byte next = in.get(start + i);
            value |= (long) (next & PAYLOAD) << (i * BITS_PER_BYTE);
            if (next >= 0) {
                if (next == 0 && i > 0) {
                    throw new VarintException(Reason.NOT_MINIMAL);
                }
                in.position(start + i + 1);
                return value;
            }
        }
        throw new VarintException(available == MAX_BYTES ? Reason.TOO_LONG : Reason.INCOMPLETE);
    }
}
