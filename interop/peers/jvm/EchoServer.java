package peer;

import io.libp2p.etc.util.netty.mux.RemoteWriteClosed;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sends back what it reads, and closes at the end of the stream. jvm-libp2p tells a stream nothing about back-pressure: it resets the
 * stream when much remains unsent, and drops the unsent bytes when both sides are closed. With the messages of a work neither happens.
 */
@Sharable
final class EchoServer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == RemoteWriteClosed.INSTANCE && ctx.channel().isActive()) {
            ctx.flush();
            ctx.disconnect();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        System.err.println("echo: " + cause);
        ctx.close();
    }
}
