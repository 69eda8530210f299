package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/** A stream on which a test sends any bytes. */
final class RawStream extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The bytes that arrived until the peer ended its side. */
    final CompletableFuture<byte[]> received = new CompletableFuture<>();

    /** Completes when the first bytes arrive. */
    final CompletableFuture<@Nullable Void> answered = new CompletableFuture<>();

    /** Completes with the stream when it is open. */
    final CompletableFuture<ProtocolStream> opened = new CompletableFuture<>();

    static RawStream open(Connection connection, ProtocolId protocol) {
        RawStream raw = new RawStream();
        connection.openStream(protocol, raw::attach).whenComplete((stream, failure) -> {
            if (failure != null) {
                raw.opened.completeExceptionally(failure);
            }
        });
        return raw;
    }

    void attach(ProtocolStream stream) {
        stream.pipeline().addLast(this);
        opened.complete(stream);
    }

    RawStream send(byte[] data) throws Exception {
        HostPair.get(opened).channel().writeAndFlush(Unpooled.copiedBuffer(data));
        return this;
    }

    RawStream end() throws Exception {
        HostPair.get(opened).channel().shutdownOutput();
        return this;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        in.readBytes(bytes, in.readableBytes());
        in.release();
        answered.complete(null);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            received.complete(bytes.toByteArray());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answered.completeExceptionally(cause);
        received.completeExceptionally(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        IllegalStateException closed = new IllegalStateException("closed on this side");
        answered.completeExceptionally(closed);
        received.completeExceptionally(closed);
    }
}
