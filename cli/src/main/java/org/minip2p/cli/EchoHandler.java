package org.minip2p.cli;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.ProtocolStream;

/**
 * Sends back what it receives, and then the end. While the peer does not read the answers, nothing more is read, so that the peer's own
 * window fills up instead of this side's memory.
 *
 * <p>Confined to the stream's event loop.
 */
final class EchoHandler extends ChannelInboundHandlerAdapter {
    static final ProtocolId PROTOCOL = new ProtocolId("/echo/1.0.0");

    /** Serves a stream that a peer has opened. */
    static void serve(ProtocolStream stream) {
        stream.pipeline().addLast(new EchoHandler());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.write(message).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        if (!ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.flush();
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
        ctx.fireUserEventTriggered(event);
    }
}
