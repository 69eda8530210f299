package org.minip2p.core;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The few elements of DER that keys and signatures use, read strictly: shortest lengths, shortest integers, nothing left over, so
 * each value has one encoding. A reader is confined to its thread.
 *
 * <p>Source: ITU-T X.690, sections 8 and 10.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    private static final int LONG_FORM = 0x80;

    private final byte[] bytes;
    private final int end;
    private int position;

    private Der(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    /** Reads a whole array. */
    static Der of(byte[] bytes) {
        return new Der(bytes, 0, bytes.length);
    }

    /** Enters the next element, which must be a sequence, and moves this reader past it. */
    Der sequence() throws MalformedDerException {
        int length = header(SEQUENCE);
        Der inner = new Der(bytes, position, position + length);
        position += length;
        return inner;
    }

    /** The content of the next element, which must have this tag. */
    byte[] content(int tag) throws MalformedDerException {
        int length = header(tag);
        byte[] content = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return content;
    }

    /** The next element as an integer of 0 or more, in its shortest form. */
    BigInteger unsigned() throws MalformedDerException {
        byte[] content = content(INTEGER);
        if (content.length == 0) {
            throw new MalformedDerException("an integer without bytes");
        }
        if (content[0] < 0) {
            throw new MalformedDerException("a negative integer");
        }
        if (content.length > 1 && content[0] == 0 && content[1] >= 0) {
            throw new MalformedDerException("an integer with a zero byte too many");
        }
        return new BigInteger(content);
    }

    /** Checks that nothing is left. */
    void end() throws MalformedDerException {
        if (position != end) {
            throw new MalformedDerException((end - position) + " bytes after the last element");
        }
    }

    /** Reads tag and length; the length is within what is left. */
    private int header(int tag) throws MalformedDerException {
        int found = next();
        if (found != tag) {
            throw new MalformedDerException(String.format("tag %02x expected, not %02x", tag, found));
        }
        int length = next();
        if (length >= LONG_FORM) {
            length = longLength(length - LONG_FORM);
        }
        if (length > end - position) {
            throw new MalformedDerException(
                    "an element of " + length + " bytes where " + (end - position) + " are left");
        }
        return length;
    }

    /** A length of 128 or more. Two bytes are enough for the largest key that is read. */
    private int longLength(int count) throws MalformedDerException {
        if (count < 1 || count > 2) {
            throw new MalformedDerException("a length in " + count + " bytes");
        }
        int length = next();
        if (count == 2) {
            length = length << Byte.SIZE | next();
        }
        if (length < (count == 1 ? LONG_FORM : 1 << Byte.SIZE)) {
            throw new MalformedDerException("a length that is not in its shortest form");
        }
        return length;
    }

    private int next() throws MalformedDerException {
        if (position == end) {
            throw new MalformedDerException("the input ends inside an element");
        }
        return bytes[position++] & 0xff;
    }

    /** One element: tag, shortest length, the parts one after the other. */
    static byte[] element(int tag, byte[]... parts) {
        byte[] content = Bytes.concat(parts);
        int length = content.length;
        byte[] header;
        if (length < LONG_FORM) {
            header = new byte[] {(byte) tag, (byte) length};
        } else if (length < 1 << Byte.SIZE) {
            header = new byte[] {(byte) tag, (byte) (LONG_FORM + 1), (byte) length};
        } else {
            header = new byte[] {(byte) tag, (byte) (LONG_FORM + 2), (byte) (length >>> Byte.SIZE), (byte) length};
        }
        return Bytes.concat(header, content);
    }

    /** An integer in its shortest form. */
    static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }
}
