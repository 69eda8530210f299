package org.minip2p.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a stream to its end (NIF-17), but no more than an envelope may have (NIF-26, NIF-28).
 *
 * <p>For one stream, and confined to its event loop. The owner of the result resets the stream when the result fails.
 */
final class EnvelopeReader extends ChannelInboundHandlerAdapter {
    /** The size of the first array; every envelope of other nodes fits into it. */
    private static final int INITIAL_BYTES = NodeInfo.MAX_SEALED_BYTES;

    private final CompletableFuture<byte[]> result;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    /**
     * A reader.
     *
     * @param result completes with everything before the end; fails with the failure that ended the stream, or with a
     *     {@link HandshakeFailedException} when the envelope is too long
     */
    EnvelopeReader(CompletableFuture<byte[]> result) {
        this.result = result;
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!result.isDone()) {
                append(in);
            }
        } finally {
            in.release();
        }
    }

    private void append(ByteBuf in) {
        int count = in.readableBytes();
        if (count > SignedEnvelope.MAX_BYTES - length) {
            bytes = new byte[0];
            result.completeExceptionally(
                    new HandshakeFailedException(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES)));
            return;
        }
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.min(2 * length, SignedEnvelope.MAX_BYTES)));
        }
        in.readBytes(bytes, length, count);
        length += count;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (length == 0) {
                result.completeExceptionally(new EmptyStreamException());
            } else {
                result.complete(Arrays.copyOf(bytes, length));
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        result.completeExceptionally(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!result.isDone()) {
            result.completeExceptionally(new ClosedChannelException());
        }
        ctx.fireChannelInactive();
    }
}
