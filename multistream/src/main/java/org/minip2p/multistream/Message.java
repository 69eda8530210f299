package org.minip2p.multistream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.minip2p.core.Printable;

/**
 * The messages of multistream-select as bytes: a varint length, the text, a newline; the length counts the newline (MSS-1).
 *
 * <p>Source: <a href="https://github.com/multiformats/multistream-select#protocol">multistream-select, Protocol</a>
 */
final class Message {
    /** The longest message, newline included; the limit of go, js and jvm (MSS-13). */
    static final int MAX_BYTES = 1024;

    /** No bytes at all. */
    static final byte[] NOTHING = {};

    /** The text that each side sends first, and once. */
    static final String HEADER_TEXT = "/multistream/1.0.0";

    /** {@link #HEADER_TEXT} in bytes. */
    static final byte[] HEADER_TEXT_BYTES = HEADER_TEXT.getBytes(StandardCharsets.UTF_8);

    /** The text of a refusal in bytes. */
    static final byte[] NA_TEXT_BYTES = "na".getBytes(StandardCharsets.UTF_8);

    /** The header as a message. */
    static final byte[] HEADER = encode(HEADER_TEXT_BYTES);

    private static final int ONE_BYTE_LENGTHS = 0x80;

    private Message() {}

    /**
     * A text as a message.
     *
     * @param text at most 1,023 bytes without a newline
     */
    static byte[] encode(byte[] text) {
        return encodeBehind(NOTHING, text);
    }

    /** The header and a text as a message in one array, to leave in one write (MSS-10). */
    static byte[] encodeAfterHeader(byte[] text) {
        return encodeBehind(HEADER, text);
    }

    private static byte[] encodeBehind(byte[] head, byte[] text) {
        int length = text.length + 1;
        int prefix = length < ONE_BYTE_LENGTHS ? 1 : 2;
        byte[] bytes = Arrays.copyOf(head, head.length + prefix + length);
        if (prefix == 1) {
            bytes[head.length] = (byte) length;
        } else {
            bytes[head.length] = (byte) (length | 0x80);
            bytes[head.length + 1] = (byte) (length >>> 7);
        }
        System.arraycopy(text, 0, bytes, head.length + prefix, text.length);
        bytes[bytes.length - 1] = '\n';
        return bytes;
    }

    /** A peer's text, made safe for an error message. */
    static String printable(byte[] text) {
        return '\'' + Printable.of(new String(text, StandardCharsets.UTF_8)) + '\'';
    }
}
