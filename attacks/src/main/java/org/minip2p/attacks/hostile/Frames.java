package org.minip2p.attacks.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of Yamux frames and of lines of multistream-select, valid or not. */
final class Frames {
    static final int DATA = 0;
    static final int WINDOW = 1;
    static final int PING = 2;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int HEADER_BYTES = 12;

    /** The window that every stream starts with. */
    static final int WINDOW_BYTES = 256 * 1024;

    /** The length of a ping. */
    static final int PING_BYTES = 32;

    private static final byte[] NONE = {};

    private Frames() {}

    /** A frame of data. */
    static byte[] data(int flags, long stream, byte[] body) {
        return frame(DATA, flags, stream, body.length, body);
    }

    /** A window update: credit, or only flags. */
    static byte[] window(int flags, long stream, long credit) {
        return frame(WINDOW, flags, stream, credit, NONE);
    }

    /** A ping, or its answer if the flags contain ACK. */
    static byte[] ping(int flags, long value) {
        return frame(PING, flags, 0, value, NONE);
    }

    /** A header that announces a body of any length, and the part of the body that follows at once. */
    static byte[] frame(int type, int flags, long stream, long length, byte[] body) {
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt((int) stream)
                .putInt((int) length)
                .put(body)
                .array();
    }

    /** A line of multistream-select, with its length prefix. */
    static byte[] line(String text) {
        return withLength((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The header of multistream-select, and a proposal. */
    static byte[] proposal(String protocol) {
        return join(line("/multistream/1.0.0"), line(protocol));
    }

    /** The bytes to send on a new stream to get one ping answered. */
    static byte[] pingRequest() {
        return join(proposal("/ipfs/ping/1.0.0"), new byte[PING_BYTES]);
    }

    /** Bytes with their length in front, as a varint. */
    static byte[] withLength(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = bytes.length;
        while (length >= 0x80) {
            out.write(length | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The same frame many times. */
    static byte[] repeat(byte[] frame, int times) {
        ByteBuffer all = ByteBuffer.allocate(frame.length * times);
        for (int i = 0; i < times; i++) {
            all.put(frame);
        }
        return all.array();
    }
}
