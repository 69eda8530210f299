package org.minip2p.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/** One end of an exchange, on which a test sends whatever it wants. */
final class RawStream extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ProtocolStream stream;

    /**
     * Everything received until the other side ended the stream. Fails with the cause if the stream ended in another
     * way.
     */
    final CompletableFuture<byte[]> received = new CompletableFuture<>();

    /** The error that ended the stream, or the rest of it. */
    final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    private volatile int receivedBytes;

    private RawStream(ProtocolStream stream) {
        this.stream = stream;
    }

    /** Opens a stream for an exchange, as its initiator. */
    static RawStream open(Connection connection) throws Exception {
        CompletableFuture<RawStream> opened = new CompletableFuture<>();
        connection.openStream(NodeInfoHandshake.ID, stream -> opened.complete(attach(stream)));
        return Node.get(opened);
    }

    /** Takes over a stream. Called on its event loop. */
    static RawStream attach(ProtocolStream stream) {
        RawStream raw = new RawStream(stream);
        stream.pipeline().addLast(raw);
        return raw;
    }

    /** The number of bytes received. */
    int receivedBytes() {
        return receivedBytes;
    }

    ProtocolStream stream() {
        return stream;
    }

    RawStream send(byte[] data) {
        stream.channel().writeAndFlush(Unpooled.copiedBuffer(data));
        return this;
    }

    RawStream end() {
        stream.channel().shutdownOutput();
        return this;
    }

    /**
     * Cuts the connection once everything written has been flushed. Neither the stream nor the session is ended first.
     */
    void cut() {
        stream.channel()
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(written -> stream.channel().parent().close());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
        ByteBuf in = (ByteBuf) message;
        try {
            in.readBytes(bytes, in.readableBytes());
            receivedBytes = bytes.size();
        } finally {
            in.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            received.complete(bytes.toByteArray());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        received.completeExceptionally(cause);
        failed.complete(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        received.completeExceptionally(new IllegalStateException("closed on this side"));
    }
}
