package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * The least work that a secure stream can do: written data is cut into full frames, sealed, and sent with its length in front; received
 * data is cut into frames again and opened. There is no handshake (the key is fixed), no check and no limit. {@code NoiseTransportHandler}
 * is measured against it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the creator of a promise watches it
final class BareFrames extends ChannelDuplexHandler {
    private static final int MAX_PLAIN_TEXT_BYTES = 65_519;
    private static final byte[] NO_DATA = {};

    private final Aead sealing;
    private final Aead opening;
    private final boolean isDirect;
    private final byte[] scratch = new byte[MAX_PLAIN_TEXT_BYTES + Aead.TAG_BYTES];
    private final ByteBuf direct = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(MAX_PLAIN_TEXT_BYTES));
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private final ArrayDeque<ChannelPromise> promises = new ArrayDeque<>();
    private int waitingBytes;
    private long sent;
    private long received;
    private @Nullable ByteBuf partial;
    private int missing;
    private int lengthByte = -1;

    BareFrames(NoiseCrypto crypto) {
        sealing = crypto.aead(new byte[Aead.KEY_BYTES]);
        opening = crypto.aead(new byte[Aead.KEY_BYTES]);
        isDirect = sealing.isDirect();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf data = (ByteBuf) message;
        waiting.add(data);
        promises.add(promise);
        waitingBytes += data.readableBytes();
        while (waitingBytes >= MAX_PLAIN_TEXT_BYTES) {
            seal(ctx, MAX_PLAIN_TEXT_BYTES);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (waitingBytes > 0) {
            seal(ctx, waitingBytes);
        }
        ctx.flush();
    }

    private void seal(ChannelHandlerContext ctx, int length) {
        waitingBytes -= length;
        ByteBuf frame = ctx.alloc().directBuffer(2 + length + Aead.TAG_BYTES).writeShort(length + Aead.TAG_BYTES);
        ByteBuf plainText = isDirect ? direct.clear() : frame;
        ChannelPromise promise = ctx.voidPromise();
        for (int left = length; left > 0; ) {
            ByteBuf data = waiting.element();
            int count = Math.min(left, data.readableBytes());
            data.readBytes(plainText, count);
            left -= count;
            if (!data.isReadable()) {
                waiting.remove().release();
                promise = promises.remove();
            }
        }
        if (isDirect) {
            ByteBuffer message = frame.internalNioBuffer(2, length + Aead.TAG_BYTES);
            sealing.seal(sent++, NO_DATA, plainText.internalNioBuffer(0, length), message);
        } else {
            frame.getBytes(2, scratch, 0, length);
            sealing.seal(sent++, NO_DATA, scratch, 0, length);
            frame.setBytes(2, scratch, 0, length + Aead.TAG_BYTES);
        }
        ctx.write(frame.writerIndex(2 + length + Aead.TAG_BYTES), promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws AEADBadTagException {
        ByteBuf in = (ByteBuf) message;
        while (in.isReadable()) {
            if (missing == 0) {
                int next = in.readUnsignedByte();
                if (lengthByte < 0) {
                    lengthByte = next;
                    continue;
                }
                missing = lengthByte << 8 | next;
                lengthByte = -1;
                if (isDirect && in.readableBytes() >= missing) {
                    open(ctx, in.readRetainedSlice(missing));
                    missing = 0;
                    continue;
                }
                partial = isDirect
                        ? ctx.alloc().directBuffer(missing)
                        : ctx.alloc().heapBuffer(missing);
            }
            ByteBuf frame = partial;
            if (frame == null) {
                throw new IllegalStateException("no frame to fill");
            }
            int count = Math.min(missing, in.readableBytes());
            frame.writeBytes(in, count);
            missing -= count;
            if (missing == 0) {
                partial = null;
                open(ctx, frame);
            }
        }
        in.release();
    }

    private void open(ChannelHandlerContext ctx, ByteBuf frame) throws AEADBadTagException {
        int length = frame.readableBytes();
        ByteBuf plainText = frame;
        if (isDirect) {
            plainText = ctx.alloc().directBuffer(length, length).writerIndex(length);
            ByteBuffer message = frame.internalNioBuffer(frame.readerIndex(), length);
            opening.open(received++, NO_DATA, message, plainText.internalNioBuffer(0, length));
            frame.release();
        } else {
            opening.open(received++, NO_DATA, frame.array(), frame.arrayOffset() + frame.readerIndex(), length);
        }
        ctx.fireChannelRead(plainText.writerIndex(plainText.writerIndex() - Aead.TAG_BYTES));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        if (partial != null) {
            partial.release();
            partial = null;
        }
        sealing.close();
        opening.close();
    }
}
