package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.LeakPresenceDetector;

/**
 * Writes a number of zeros, as fast as the channel takes them: all writes share one buffer, so memory does not depend on the number
 * (PRF-8, PRF-16). Confined to the event loop.
 */
final class ZeroWriter {
    /** What fits into a Yamux frame that, with its header, fills one Noise frame. */
    static final int CHUNK_BYTES = 65_507;

    private static final ByteBuf ZEROS = LeakPresenceDetector.staticInitializer(
            () -> Unpooled.directBuffer(CHUNK_BYTES, CHUNK_BYTES).writeZero(CHUNK_BYTES));

    private final ChannelHandlerContext ctx;
    private long left;
    private boolean isWriting;

    /**
     * A writer that has written nothing.
     *
     * @param count how many zeros, unsigned
     */
    ZeroWriter(ChannelHandlerContext ctx, long count) {
        this.ctx = ctx;
        this.left = count;
    }

    /** Writes until all is written or the channel wants no more; then to be called again when it does. */
    void write() {
        // A flush may make the channel writable at once, and that may call this again.
        if (isWriting) {
            return;
        }
        isWriting = true;
        while (left != 0 && ctx.channel().isActive() && ctx.channel().isWritable()) {
            while (left != 0 && ctx.channel().isWritable()) {
                int length = Long.compareUnsigned(left, CHUNK_BYTES) < 0 ? (int) left : CHUNK_BYTES;
                left -= length;
                // Its failure shows as the end of the stream.
                ctx.write(ZEROS.retainedSlice(0, length), ctx.voidPromise());
            }
            ctx.flush();
        }
        isWriting = false;
    }

    /** How many zeros are still to be written, unsigned. */
    long left() {
        return left;
    }

    boolean isDone() {
        return left == 0;
    }
}
