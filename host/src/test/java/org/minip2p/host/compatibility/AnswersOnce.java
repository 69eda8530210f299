package org.minip2p.host.compatibility;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Closes a half-open channel when the answer is written, or when the client has ended its side without a question. */
abstract class AnswersOnce extends SimpleChannelInboundHandler<String> {
    private boolean isAsked;

    /** Writes and flushes the answer. */
    abstract ChannelFuture answer(ChannelHandlerContext ctx, String question);

    @Override
    protected final void channelRead0(ChannelHandlerContext ctx, String question) {
        isAsked = true;
        answer(ctx, question).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !isAsked) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }
}
