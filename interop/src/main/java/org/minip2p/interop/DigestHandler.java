package org.minip2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Reads to the end of the stream, then answers with the SHA-256 in hex, a space and the length in decimal, and closes. */
final class DigestHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final Sha256 received = new Sha256();
    private final Runnable beforeAnswer;

    /** Creates a handler that runs an action when the request is complete. */
    DigestHandler(Runnable beforeAnswer) {
        this.beforeAnswer = beforeAnswer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
        received.add(data);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            beforeAnswer.run();
            String answer = received.hex() + " " + received.bytes();
            ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), answer));
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The peer reset the stream; it is closed already.
        ctx.close();
    }
}
