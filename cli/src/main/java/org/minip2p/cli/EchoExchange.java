package org.minip2p.cli;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Libp2pException;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/**
 * One stream on which random bytes are sent, and compared with the returned bytes by SHA-256. The bytes are generated as the
 * stream accepts them, so memory does not grow with their number.
 *
 * <p>Confined to the stream's event loop, except for {@link #start}, {@link #digest} and {@link #receivedBytes}.
 */
final class EchoExchange extends ChannelInboundHandlerAdapter {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final long size;
    private final SplittableRandom random;
    private final MessageDigest sentDigest = Digests.sha256();
    private final MessageDigest receivedDigest = Digests.sha256();
    private final CompletableFuture<byte[]> digest = new CompletableFuture<>();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private long sent;
    private boolean finished;
    private volatile long received;

    /**
     * An exchange, not yet started.
     *
     * @param size the number of bytes to send
     * @param seed the seed of the random bytes
     */
    EchoExchange(long size, long seed) {
        this.size = size;
        this.random = new SplittableRandom(seed);
    }

    /** Opens the stream and begins to send. */
    void start(Connection connection) {
        connection.openStream(EchoHandler.PROTOCOL, this::opened).whenComplete((stream, failure) -> {
            if (failure != null) {
                digest.completeExceptionally(Failures.unwrapped(failure));
            }
        });
    }

    /** Completes with the SHA-256 of the bytes when they have all returned. */
    CompletableFuture<byte[]> digest() {
        return digest;
    }

    /** The bytes returned so far. */
    long receivedBytes() {
        return received;
    }

    private void opened(ProtocolStream stream) {
        stream.pipeline().addLast(this);
        digest.whenComplete((bytes, failure) -> {
            if (failure != null) {
                stream.reset();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        send(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        send(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void send(ChannelHandlerContext ctx) {
        while (sent < size && ctx.channel().isWritable()) {
            int length = (int) Math.min(size - sent, CHUNK_BYTES);
            random.nextBytes(chunk);
            sentDigest.update(chunk, 0, length);
            sent += length;
            ByteBuf bytes = ctx.alloc().buffer(length).writeBytes(chunk, 0, length);
            ctx.write(bytes).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
        ctx.flush();
        if (sent == size && !finished) {
            finished = true;
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            long total = received + bytes.readableBytes();
            if (total > sent) {
                fail("expected " + size + " bytes back, but the peer sent more than it got: " + total + " of " + sent);
                return;
            }
            for (var part : bytes.nioBuffers()) {
                receivedDigest.update(part);
            }
            received = total;
        } finally {
            bytes.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            compare();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void compare() {
        if (received != size) {
            fail("expected " + size + " bytes back, but the peer ended the stream after " + received);
            return;
        }
        byte[] expected = sentDigest.digest();
        byte[] actual = receivedDigest.digest();
        if (MessageDigest.isEqual(expected, actual)) {
            digest.complete(actual);
        } else {
            HexFormat hex = HexFormat.of();
            fail("expected the sent bytes back, with sha256 " + hex.formatHex(expected)
                    + ", but the returned bytes have " + hex.formatHex(actual));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the stream was closed after " + received + " of " + size + " bytes had returned");
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        digest.completeExceptionally(cause);
        ctx.fireExceptionCaught(cause);
    }

    /** Does nothing when the exchange is over. */
    private void fail(String message) {
        digest.completeExceptionally(new Libp2pException(message));
    }
}
