package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.ReceiveWindow;
import org.minip2p.yamux.YamuxStream;

/**
 * What a stream receives: bytes go to the pipeline as reads ask for them, the rest waits and gives the peer no credit.
 *
 * <p>A read is asked for by {@code autoRead}, for as long as it is on, or by {@code read()}, for one buffer. Reads that are asked for
 * while bytes are passed on are served by the loop that is passing them on. Everything is accounted for before the pipeline is called:
 * the application may do anything from in there.
 *
 * <p>It owns the buffers that wait. Confined to the connection's event loop.
 */
final class StreamInput {
    /** Buffers that one read passes on with autoRead before it is complete, as for Netty's sockets. */
    private static final int MAX_PIECES_PER_READ = 16;

    private final YamuxStreamChannel channel;
    private final YamuxHandler session;
    private final YamuxStream stream;

    /** Made when something waits for the first time: most streams are read as they come. */
    private @Nullable UnreadQueue unread;

    private boolean readPending;
    private boolean passing;
    private boolean readCompletePending;

    StreamInput(YamuxStreamChannel channel, YamuxHandler session, YamuxStream stream) {
        this.channel = channel;
        this.session = session;
        this.stream = stream;
    }

    boolean hasUnread() {
        return unread != null && !unread.isEmpty();
    }

    /** Whether nothing waits and nothing is being passed on. */
    boolean isIdle() {
        return !passing && !hasUnread();
    }

    /** The application asks for a read. */
    void beginRead() {
        readPending = true;
        if (!passing && hasUnread()) {
            passUnread();
        }
    }

    /** The application turned autoRead off: what was asked for before is not wanted any more. */
    void clearRead() {
        readPending = false;
    }

    /**
     * Bytes of the peer.
     *
     * @param bytes taken over
     * @param pinnedBytes the size of the buffer that they keep alive
     */
    void receive(ByteBuf bytes, int pinnedBytes) {
        ReceiveWindow window = stream.receiveWindow();
        int length = bytes.readableBytes();
        if (readPending && isIdle()) {
            window.consume(length);
            if (!readCompletePending) {
                readCompletePending = true;
                session.readCompleteLater(channel);
            }
            passing = true;
            try {
                pass(bytes);
            } finally {
                passing = false;
            }
        } else {
            UnreadQueue held = unread;
            if (held == null) {
                held = new UnreadQueue();
                unread = held;
            }
            held.add(channel.alloc(), bytes, pinnedBytes);
            window.hold(length);
        }
    }

    /** The end of a round of reading on the connection, or of this stream's input before that. */
    void readComplete() {
        if (readCompletePending) {
            readCompletePending = false;
            if (channel.isOpen()) {
                channel.pipeline().fireChannelReadComplete();
            }
        }
    }

    /** Throws away what waits. */
    void discard() {
        if (unread != null) {
            unread.clear();
            unread = null;
        }
        stream.receiveWindow().discardUnread();
    }

    /** A loop: the reads that the application asks for from within do not nest. */
    private void passUnread() {
        session.enter();
        passing = true;
        try {
            while (readPending && hasUnread()) {
                int pieces = 0;
                do {
                    passFirst();
                } while (readPending && hasUnread() && channel.config().isAutoRead() && ++pieces < MAX_PIECES_PER_READ);
                if (channel.isOpen()) {
                    channel.pipeline().fireChannelReadComplete();
                }
            }
        } finally {
            passing = false;
            session.exit();
        }
        channel.unreadPassed();
    }

    private void passFirst() {
        UnreadQueue held = unread;
        if (held != null) {
            ByteBuf bytes = held.poll();
            stream.receiveWindow().release(bytes.readableBytes());
            pass(bytes);
        }
    }

    private void pass(ByteBuf bytes) {
        if (!channel.config().isAutoRead()) {
            readPending = false;
        }
        if (stream.state().canReceive() && stream.receiveWindow().isUpdateDue()) {
            session.controlPending(channel);
        }
        channel.pipeline().fireChannelRead(bytes);
    }
}
