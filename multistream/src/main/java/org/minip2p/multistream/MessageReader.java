package org.minip2p.multistream;

import java.nio.ByteBuffer;
import org.minip2p.core.NegotiationFailedException;

/**
 * Reads messages from a stream of bytes, split in any way, and reads no byte beyond the current message (MSS-20, MSS-21).
 * Confined to one thread. Holds at most the text of one message, and allocates memory for it only after its length was checked
 * (MSS-14).
 *
 * <p>Source: <a href="https://github.com/multiformats/multistream-select#protocol">multistream-select, Protocol</a>, and the
 * conformance clauses MSS-13 to MSS-16.
 */
final class MessageReader {
    /** The most bytes that one message takes on the wire: two of length, 1,024 of text and newline. */
    static final int MAX_ENCODED_BYTES = 2 + Message.MAX_BYTES;

    private enum State {
        /** The first byte of the length comes next. */
        LENGTH,
        /** The first byte announced a second one. */
        LENGTH_SECOND_BYTE,
        /** The length is known and valid; the text comes next. */
        TEXT,
        /** The text is complete except for its newline. */
        NEWLINE
    }

    private State state = State.LENGTH;
    private int lowBits;
    private byte[] text = Message.NOTHING;
    private int filled;

    /**
     * Reads up to the end of one message, or everything when the message does not end here. After a failure the reader cannot
     * be used.
     *
     * @param in bytes from the peer; the position advances over the bytes that were read
     * @return whether a message is complete: {@link #text} then has its text
     * @throws NegotiationFailedException when the bytes are not a message
     */
    boolean read(ByteBuffer in) throws NegotiationFailedException {
        while (in.hasRemaining()) {
            switch (state) {
                case LENGTH -> readFirstLengthByte(in.get());
                case LENGTH_SECOND_BYTE -> readSecondLengthByte(in.get());
                case TEXT -> readText(in);
                case NEWLINE -> {
                    readNewline(in.get());
                    return true;
                }
            }
        }
        return false;
    }

    /** The text of the message that {@link #read} completed last, without its newline. */
    byte[] text() {
        return text;
    }

    /** Whether a message has begun and not ended. */
    boolean isInsideMessage() {
        return state != State.LENGTH;
    }

    private void readFirstLengthByte(byte b) throws NegotiationFailedException {
        if (b < 0) {
            lowBits = b & 0x7f;
            transition(State.LENGTH_SECOND_BYTE);
        } else {
            startText(b);
        }
    }

    private void readSecondLengthByte(byte b) throws NegotiationFailedException {
        if (b < 0) {
            throw new NegotiationFailedException("a message has at most " + Message.MAX_BYTES
                    + " bytes, and a length of at most two bytes: this length has more");
        }
        if (b == 0) {
            throw new NegotiationFailedException("the length " + lowBits + " takes one byte, not two");
        }
        startText(lowBits | (b << 7));
    }

    private void startText(int length) throws NegotiationFailedException {
        if (length == 0) {
            throw new NegotiationFailedException("a message has at least its newline: this one has length 0");
        }
        if (length > Message.MAX_BYTES) {
            throw new NegotiationFailedException(
                    "a message has at most " + Message.MAX_BYTES + " bytes, this one " + length);
        }
        text = length == 1 ? Message.NOTHING : new byte[length - 1];
        filled = 0;
        transition(length == 1 ? State.NEWLINE : State.TEXT);
    }

    private void readText(ByteBuffer in) {
        int taken = Math.min(in.remaining(), text.length - filled);
        in.get(text, filled, taken);
        filled += taken;
        if (filled == text.length) {
            transition(State.NEWLINE);
        }
    }

    private void readNewline(byte b) throws NegotiationFailedException {
        if (b != '\n') {
            throw new NegotiationFailedException(
                    "a message ends with a newline, not with " + b + ", after " + Message.printable(text));
        }
        for (byte each : text) {
            if (each == '\n') {
                throw new NegotiationFailedException(
                        "a message has no newline but its last byte: " + Message.printable(text));
            }
        }
        transition(State.LENGTH);
    }

    private void transition(State to) {
        state = to;
    }
}
