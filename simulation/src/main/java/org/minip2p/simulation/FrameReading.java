package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds the Yamux frames in the bytes of one direction of a connection, which may be split anywhere. Reports each frame when its
 * header is complete and, if it opens a stream, with enough of its body to name the protocol.
 */
final class FrameReading {
    static final int DATA = 0;
    static final int SYN = 1;
    static final int FIN = 4;
    static final int RST = 8;
    private static final String[] TYPES = {"data", "window update", "ping", "go away"};
    private static final String[] FLAGS = {"SYN", "ACK", "FIN", "RST"};
    private static final int HEADER_BYTES = 12;
    private static final int MOST_HEAD_BYTES = 64;

    /** Receives the frames. */
    interface Frames {
        /** Called for each frame. */
        void frame(Frame frame);
    }

    /**
     * A frame.
     *
     * @param type its type
     * @param flags its flags
     * @param stream the id of its stream
     * @param length the length of its body in bytes, or what the field means for its type
     * @param head the beginning of the body of a frame that opens a stream, as ISO 8859-1; otherwise empty
     */
    record Frame(int type, int flags, int stream, int length, String head) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The frame as shown in a trace. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(TYPES[type & 3]);
            for (int i = 0; i < FLAGS.length; i++) {
                if (has(1 << i)) {
                    text.append(' ').append(FLAGS[i]);
                }
            }
            if (stream != 0) {
                text.append(" of stream ").append(Integer.toUnsignedLong(stream));
            }
            text.append(", ").append(Integer.toUnsignedLong(length));
            String[] lines = head.split("\n", 3);
            return lines.length < 3
                    ? text.toString()
                    : text.append(", ").append(lines[1].substring(1)).toString();
        }
    }

    private final Frames frames;
    private final byte[] known = new byte[HEADER_BYTES + MOST_HEAD_BYTES];
    private final ByteBuffer header = ByteBuffer.wrap(known);
    private int count;
    private long bodyLeft;

    FrameReading(Frames frames) {
        this.frames = frames;
    }

    /** Adds the next bytes. The buffer's reader index does not change, and the buffer is not kept. */
    void add(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            int left = bytes.writerIndex() - at;
            int taken;
            if (bodyLeft > 0) {
                taken = (int) Math.min(bodyLeft, left);
                bodyLeft -= taken;
            } else {
                taken = Math.min(left, wanted() - count);
                bytes.getBytes(at, known, count, taken);
                count += taken;
                tellIfKnown();
            }
            at += taken;
        }
    }

    /** The number of bytes that must be known before the frame is reported. */
    private int wanted() {
        return count < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + headBytes();
    }

    private int headBytes() {
        boolean opens = type() == DATA && (flags() & SYN) != 0;
        return opens ? (int) Math.min(MOST_HEAD_BYTES, length()) : 0;
    }

    private void tellIfKnown() {
        if (count < HEADER_BYTES || count < wanted()) {
            return;
        }
        int head = headBytes();
        bodyLeft = type() == DATA ? length() - head : 0;
        count = 0;
        frames.frame(new Frame(
                type(),
                flags(),
                header.getInt(4),
                header.getInt(8),
                new String(known, HEADER_BYTES, head, StandardCharsets.ISO_8859_1)));
    }

    private int type() {
        return known[1];
    }

    private int flags() {
        return header.getShort(2);
    }

    private long length() {
        return Integer.toUnsignedLong(header.getInt(8));
    }
}
