package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.ReceiveWindow;

/**
 * The input of a stream: passes bytes to the pipeline as reads request them; the rest waits and gives the peer no
 * credit.
 *
 * <p>Reads are requested by {@code autoRead}, while it is on, or by {@code read()}, for one buffer. Bytes that arrive
 * while a read is pending are passed through; waiting bytes are passed on by the turn. Everything is counted before the
 * pipeline is called, since the application may do anything in that call.
 *
 * <p>It owns the buffers that wait. Confined to the connection's event loop, {@link #isShutdown} excepted.
 */
final class StreamInput implements Runnable {
    /** Buffers that one read passes on with autoRead before it is complete, as for Netty's sockets. */
    private static final int MAX_PIECES_PER_READ = 16;

    /** So many bytes are moved in their buffer faster than a view of them is made. */
    private static final int MAX_MOVED_BYTES = 512;

    /** What happens to arriving bytes. */
    enum State {
        /**
         * Entered when the stream is made. Left for ENDING or ENDED on the peer's FIN, for DISCARDING when they are no
         * longer wanted.
         */
        OPEN,
        /**
         * Entered on the peer's FIN while bytes before it wait. Left for ENDED when they have been read, or are no
         * longer wanted.
         */
        ENDING,
        /**
         * Entered when the application shuts the input down, or the channel closes. Left for ENDED on the peer's FIN.
         */
        DISCARDING,
        /** Entered when the peer's FIN has arrived and nothing waits. Never left. */
        ENDED
    }

    private final Channel channel;
    private final Turn turn;
    private final ReceiveWindow window;
    private volatile State state = State.OPEN;

    /** Created when bytes wait for the first time: most streams are read as bytes arrive. */
    private @Nullable UnreadQueue unread;

    private boolean readPending;
    private boolean passPending;
    private boolean completionPending;

    StreamInput(Channel channel, Turn turn, ReceiveWindow window) {
        this.channel = channel;
        this.turn = turn;
        this.window = window;
    }

    /** Whether the application gets no more bytes. Any thread. */
    boolean isShutdown() {
        State now = state;
        return now == State.DISCARDING || now == State.ENDED;
    }

    /** Whether the peer's FIN has arrived, and bytes before it wait. */
    boolean isEnding() {
        return state == State.ENDING;
    }

    /** Whether the peer's FIN has arrived, and nothing waits. */
    boolean isEnded() {
        return state == State.ENDED;
    }

    /** The application requests a read. */
    void askForRead() {
        readPending = true;
    }

    /** The application turned autoRead off: earlier requests no longer count. */
    void clearRead() {
        readPending = false;
    }

    /** Whether {@link #passUnread} must be called soon; true once for each call. */
    boolean takePass() {
        if (passPending || !readPending || !hasUnread()) {
            return false;
        }
        passPending = true;
        return true;
    }

    /**
     * Bytes of the peer.
     *
     * @param bytes taken over
     */
    void receive(ByteBuf bytes) {
        if (isShutdown()) {
            bytes.release();
            return;
        }
        int length = bytes.readableBytes();
        if (readPending && !hasUnread()) {
            window.consume(length);
            if (!completionPending) {
                completionPending = true;
                turn.atEnd(this);
            }
            pass(bytes);
        } else {
            UnreadQueue held = unread;
            if (held == null) {
                held = new UnreadQueue();
                unread = held;
            }
            held.add(channel.alloc(), bytes);
            window.hold(length, held.keptBytes());
        }
    }

    /** Serves one read of bytes that waited. */
    void passUnread() {
        passPending = false;
        if (!readPending || !hasUnread()) {
            return;
        }
        int pieces = 0;
        do {
            passFirst();
        } while (readPending && hasUnread() && channel.config().isAutoRead() && ++pieces < MAX_PIECES_PER_READ);
        if (channel.isOpen()) {
            channel.pipeline().fireChannelReadComplete();
        }
    }

    /** The peer's FIN has arrived. */
    void finReceived() {
        transition(state == State.OPEN && hasUnread() ? State.ENDING : State.ENDED);
    }

    /** Whether the last byte before the peer's FIN has now been read; true once. */
    boolean takeEnd() {
        if (state != State.ENDING || hasUnread()) {
            return false;
        }
        transition(State.ENDED);
        return true;
    }

    /** The end of a round of reading on the connection, or of this stream's input before that. */
    @Override
    public void run() {
        if (completionPending) {
            completionPending = false;
            if (channel.isOpen()) {
                channel.pipeline().fireChannelReadComplete();
            }
        }
    }

    /** Discards waiting and later bytes. */
    void discard() {
        if (!isShutdown()) {
            transition(state == State.ENDING ? State.ENDED : State.DISCARDING);
        }
        if (unread != null) {
            unread.clear();
            unread = null;
        }
        window.discardUnread();
    }

    private boolean hasUnread() {
        return unread != null && !unread.isEmpty();
    }

    private void passFirst() {
        UnreadQueue held = unread;
        if (held != null) {
            ByteBuf bytes = held.poll();
            window.release(bytes.readableBytes(), held.keptBytes());
            pass(bytes);
        }
    }

    private void pass(ByteBuf bytes) {
        if (!channel.config().isAutoRead()) {
            readPending = false;
        }
        channel.pipeline().fireChannelRead(bytes.readerIndex() == 0 ? bytes : fromZero(bytes));
    }

    /**
     * The same bytes from index 0 on, where Netty's handlers begin to read. Earlier bytes of the buffer are not theirs;
     * nobody else holds it, or it would be a slice.
     */
    private static ByteBuf fromZero(ByteBuf bytes) {
        boolean isMoved = bytes.readableBytes() <= MAX_MOVED_BYTES && !bytes.isReadOnly();
        return isMoved ? bytes.discardReadBytes() : bytes.slice();
    }

    private void transition(State to) {
        state = to;
    }
}
