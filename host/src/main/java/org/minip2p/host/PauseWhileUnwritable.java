package org.minip2p.host;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stops reading from a channel while it is not writable. For handlers that answer as they read: without it, a peer that sends and does not
 * read fills the memory of this side. Put it in front of them:
 *
 * <pre>{@code
 * stream.pipeline().addLast(PauseWhileUnwritable.INSTANCE, new EchoHandler());
 * }</pre>
 *
 * <p>It controls {@code autoRead}, which no other handler should change then. Stateless.
 */
@ChannelHandler.Sharable
public final class PauseWhileUnwritable extends ChannelInboundHandlerAdapter {
    /** The only instance. */
    public static final PauseWhileUnwritable INSTANCE = new PauseWhileUnwritable();

    private PauseWhileUnwritable() {}

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        decide(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        decide(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private static void decide(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }
}
