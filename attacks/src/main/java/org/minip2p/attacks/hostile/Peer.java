package org.minip2p.attacks.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.minip2p.handshake.NodeInfo;

/**
 * A hostile peer that behaves well where its connection would be closed otherwise: a thread of its own reads, answers pings, sends its node
 * info and identifies itself. All other frames go to a listener.
 */
final class Peer implements Closeable {
    private static final String NODE_INFO = "/ssv/info/0.0.1";
    private static final String IDENTIFY = "/ipfs/id/1.0.0";
    private static final NodeInfo INFO = NodeInfo.of("0x00000502");

    /** A complete identify message with nothing but an agent version. */
    private static final byte[] IDENTIFY_MESSAGE =
            Frames.join(new byte[] {0x32}, Frames.withLength("hostile/1".getBytes(StandardCharsets.UTF_8)));

    /**
     * Receives the frames of streams that this peer has opened, and other frames that it does not handle itself, on the thread that reads.
     */
    @FunctionalInterface
    interface FrameListener {
        /** Ignores them. */
        FrameListener NONE = (type, flags, stream, length) -> {};

        /** A frame has arrived; its body was skipped. */
        void received(int type, int flags, long stream, long length);
    }

    private final Wire wire;
    private final Identity identity;
    private final FrameListener listener;
    private volatile boolean ended;

    private Peer(Wire wire, Identity identity, FrameListener listener) {
        this.wire = wire;
        this.identity = identity;
        this.listener = listener;
    }

    /** Starts to read from a secured wire. */
    static Peer start(Wire wire, Identity identity, FrameListener listener) throws IOException {
        wire.patience(0);
        Peer peer = new Peer(wire, identity, listener);
        Thread reader = new Thread(null, peer::read, "hostile reader", 1 << 18);
        reader.setDaemon(true);
        reader.start();
        return peer;
    }

    /** Sends frames. */
    void send(byte[] frames) throws IOException {
        wire.send(frames);
    }

    /** Sends frames in messages of at most {@code messageBytes} bytes. */
    void send(byte[] frames, int messageBytes) throws IOException {
        wire.send(frames, messageBytes);
    }

    /** Whether the connection has ended. */
    boolean hasEnded() {
        return ended;
    }

    private void read() {
        byte[] unread = {};
        try {
            while (true) {
                unread = frames(Frames.join(unread, wire.receive()));
            }
        } catch (IOException e) {
            ended = true; // ended by the victim, or by close
        }
    }

    /** Handles all complete frames; returns the remaining bytes. */
    private byte[] frames(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= Frames.HEADER_BYTES) {
            int at = in.position();
            int type = in.get(at + 1);
            int flags = in.getShort(at + 2);
            long stream = Integer.toUnsignedLong(in.getInt(at + 4));
            long length = Integer.toUnsignedLong(in.getInt(at + 8));
            int body = type == Frames.DATA ? (int) length : 0;
            if (in.remaining() < Frames.HEADER_BYTES + body) {
                break;
            }
            in.position(at + Frames.HEADER_BYTES + body);
            if (type == Frames.PING && (flags & Frames.SYN) != 0) {
                wire.send(Frames.ping(Frames.ACK, length));
            } else if (type < Frames.PING && (stream & 1) == 0) {
                answer(stream, Arrays.copyOfRange(bytes, at + Frames.HEADER_BYTES, in.position()));
            } else {
                listener.received(type, flags, stream, length);
            }
        }
        return Arrays.copyOfRange(bytes, in.position(), bytes.length);
    }

    /** Answers a request of the victim, whose proposals arrive in one frame. */
    private void answer(long stream, byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        if (text.contains(NODE_INFO + "\n")) {
            wire.send(Frames.data(
                    Frames.ACK | Frames.FIN,
                    stream,
                    Frames.join(Frames.proposal(NODE_INFO), INFO.seal(identity.key()))));
        } else if (text.contains(IDENTIFY + "\n")) {
            wire.send(Frames.data(
                    Frames.ACK | Frames.FIN,
                    stream,
                    Frames.join(Frames.proposal(IDENTIFY), Frames.withLength(IDENTIFY_MESSAGE))));
        } else if (text.contains("/multistream/")) {
            wire.send(Frames.window(Frames.RST, stream, 0));
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
