package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;

/**
 * Writes transport messages, each in a frame: with its length in front. Writes are packed into as few frames as possible: the rest of one
 * write and the following writes share a frame. A frame is sealed as soon as it is full, or at a flush.
 *
 * <h2>Promises</h2>
 * A write's promise completes with the frame that has its last byte. A void promise, which nobody watches, is left out if there is another.
 *
 * <h2>Memory</h2>
 * Less than one frame of writes waits here, unchanged. A frame is one direct buffer of exactly its size. Plain text is packed in memory of the
 * event loop: a cipher for direct memory seals it from there to the frame; a short message, or one for a cipher that needs arrays, is sealed
 * in an array and copied once more. So the socket always gets direct memory, and only the frame is allocated.
 *
 * <p>Confined to the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a promise is watched by whoever made it
final class TransportMessageWriter {
    private static final int LENGTH_BYTES = Short.BYTES;

    /**
     * The largest frame, including its length: 64 KiB, one byte less than is allowed (NOI-26). It is the size of one read of Netty, so the
     * peer opens it where it was read, and a size class of the allocator: 65,537 bytes would take twice that.
     */
    private static final int MAX_FRAME_BYTES = 1 << 16;

    /** The most plain text of a frame, in bytes. */
    static final int MAX_PLAIN_TEXT_BYTES = MAX_FRAME_BYTES - LENGTH_BYTES - CipherState.TAG_BYTES;

    private final CipherState cipher;

    /** Null while no write waits. */
    private @Nullable WaitingWrites waiting;

    private long waitingBytes;
    private @Nullable FramePromises spare;

    TransportMessageWriter(CipherState cipher) {
        this.cipher = cipher;
    }

    /**
     * Accepts a write; full frames are written at once.
     *
     * @param data released when its last byte is in a frame
     * @param promise completed with that frame
     * @throws CipherException when no further frame can be sealed; the promises of that frame have failed
     */
    void write(ChannelHandlerContext ctx, ByteBuf data, ChannelPromise promise) throws CipherException {
        WaitingWrites writes = waiting;
        if (writes == null) {
            writes = WaitingWrites.borrow();
            waiting = writes;
        }
        writes.add(data, promise);
        waitingBytes += data.readableBytes();
        while (waitingBytes >= MAX_PLAIN_TEXT_BYTES) {
            writeFrame(ctx, MAX_PLAIN_TEXT_BYTES);
        }
    }

    /** Whether no write waits for its frame. */
    boolean isEmpty() {
        return waiting == null;
    }

    /** Writes the waiting bytes as one frame; never an empty one (NOI-29). */
    void writeRest(ChannelHandlerContext ctx) throws CipherException {
        if (waitingBytes > 0) {
            writeFrame(ctx, (int) waitingBytes);
        }
    }

    /** Releases the waiting writes, and fails their promises. */
    void fail(Throwable cause) {
        WaitingWrites failed = waiting;
        waiting = null; // a promise may write again
        waitingBytes = 0;
        while (failed != null && !failed.isEmpty()) {
            failed.remove().tryFailure(cause);
        }
    }

    private void writeFrame(ChannelHandlerContext ctx, int plainTextBytes) throws CipherException {
        int length = plainTextBytes + CipherState.TAG_BYTES;
        int size = LENGTH_BYTES + length;
        ByteBuf frame = ctx.alloc().directBuffer(size, size).writeShort(length);
        ChannelPromise promise;
        try {
            ByteBuf plainText =
                    cipher.isDirect() && length > Scratch.SHORT_BYTES ? Scratch.direct() : Scratch.of(length);
            promise = fill(ctx, plainText, plainTextBytes);
            try {
                seal(plainText, frame, plainTextBytes);
            } catch (CipherException e) {
                promise.tryFailure(e);
                throw e;
            }
        } catch (CipherException | RuntimeException | Error e) {
            frame.release();
            throw e;
        }
        // From here on this object is in a consistent state: writing may call back.
        ctx.write(frame, promise);
    }

    /** Moves plain text to the memory where it is sealed, and returns the promise for all writes that end in it. */
    private ChannelPromise fill(ChannelHandlerContext ctx, ByteBuf target, int plainTextBytes) {
        waitingBytes -= plainTextBytes;
        int missing = plainTextBytes;
        ChannelPromise first = null;
        FramePromises several = null;
        WaitingWrites writes = waiting;
        while (writes != null && !writes.isEmpty()) {
            ByteBuf data = writes.first();
            int count = Math.min(missing, data.readableBytes());
            data.readBytes(target, count); // the other way round, the target would create a view of the data
            missing -= count;
            if (data.isReadable()) {
                break;
            }
            ChannelPromise promise = writes.remove();
            if (first == null || first.isVoid()) {
                first = promise;
            } else if (!promise.isVoid()) {
                if (several == null) {
                    several = takeSpare();
                    several.promises.add(first);
                }
                several.promises.add(promise);
            }
        }
        if (writes != null && writes.isEmpty()) {
            writes.giveBack();
            waiting = null;
        }
        if (several != null) {
            return ctx.newPromise().addListener(several);
        }
        return first != null ? first : ctx.newPromise();
    }

    private void seal(ByteBuf plainText, ByteBuf frame, int plainTextBytes) throws CipherException {
        int length = plainTextBytes + CipherState.TAG_BYTES;
        if (plainText.hasArray()) {
            cipher.encrypt(plainText.array(), 0, plainTextBytes);
            frame.writeBytes(plainText.array(), 0, length);
        } else {
            cipher.encrypt(
                    plainText.internalNioBuffer(0, plainTextBytes), frame.internalNioBuffer(LENGTH_BYTES, length));
            frame.writerIndex(LENGTH_BYTES + length);
        }
    }

    private FramePromises takeSpare() {
        FramePromises taken = spare;
        spare = null;
        return taken == null ? new FramePromises() : taken;
    }

    /** The promises of several writes that end in one frame. Reused after that frame is written: usually one object is enough. */
    private final class FramePromises implements ChannelFutureListener {
        private final List<ChannelPromise> promises = new ArrayList<>();

        @Override
        public void operationComplete(ChannelFuture future) {
            Throwable cause = future.cause();
            for (ChannelPromise promise : promises) {
                if (cause == null) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(cause);
                }
            }
            promises.clear();
            spare = this;
        }
    }
}
