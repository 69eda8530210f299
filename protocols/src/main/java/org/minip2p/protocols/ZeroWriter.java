package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.LeakPresenceDetector;

/**
 * Writes a number of zeros, as fast as the channel accepts them: all writes share one buffer, so memory does not depend on the
 * number (PRF-8, PRF-16). Confined to the event loop.
 */
final class ZeroWriter {
    /** The size of a Yamux frame that, with its header, fills one Noise frame. */
    static final int CHUNK_BYTES = 65_506;

    /**
     * After this many bytes, other streams get their turn, even if the channel accepts more: about a millisecond of
     * encryption.
     */
    static final int MAX_BYTES_PER_TURN = 16 * CHUNK_BYTES;

    private static final ByteBuf ZEROS = LeakPresenceDetector.staticInitializer(
            () -> Unpooled.directBuffer(CHUNK_BYTES, CHUNK_BYTES).writeZero(CHUNK_BYTES));

    private final ChannelHandlerContext ctx;
    private final Runnable nextTurn;
    private long left;
    private boolean isWriting;
    private boolean isTurnDue;

    /**
     * Creates a writer.
     *
     * @param count the number of zeros, unsigned
     * @param nextTurn calls {@link #write} again; run by the event loop when its other tasks have had their turn
     */
    ZeroWriter(ChannelHandlerContext ctx, long count, Runnable nextTurn) {
        this.ctx = ctx;
        this.left = count;
        this.nextTurn = nextTurn;
    }

    /**
     * Writes until everything is written, the turn is over or the channel is not writable; call it again when the channel is.
     */
    void write() {
        // A flush may make the channel writable at once, which calls this again.
        if (isWriting) {
            return;
        }
        isWriting = true;
        Channel channel = ctx.channel();
        int written = 0;
        while (left != 0 && written < MAX_BYTES_PER_TURN && channel.isOpen() && channel.isWritable()) {
            written += writeWhileWritable(channel);
            ctx.flush();
        }
        isWriting = false;
        if (left != 0 && !isTurnDue && channel.isOpen() && channel.isWritable()) {
            isTurnDue = true;
            ctx.executor().execute(this::takeTurn);
        }
    }

    private void takeTurn() {
        isTurnDue = false;
        nextTurn.run();
    }

    private int writeWhileWritable(Channel channel) {
        int written = 0;
        while (left != 0 && written < MAX_BYTES_PER_TURN && channel.isWritable()) {
            int length = Long.compareUnsigned(left, CHUNK_BYTES) < 0 ? (int) left : CHUNK_BYTES;
            left -= length;
            written += length;
            // Its failure ends the stream.
            var unused = ctx.write(ZEROS.retainedSlice(0, length), ctx.voidPromise());
        }
        return written;
    }

    /** The number of remaining zeros, unsigned. */
    long left() {
        return left;
    }

    /** Whether everything is written; still false during the last flush. */
    boolean isDone() {
        return left == 0 && !isWriting;
    }
}
