package org.minip2p.protocols;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import org.minip2p.protocols.IdentifyFailedException.Reason;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * Sends one push and closes for writing (IDN-3). The peer's end of the stream shows that it has accepted it. The owner of the result
 * resets the stream when the result fails.
 *
 * <p>For one stream, and confined to its event loop.
 */
final class PushSender extends ChannelInboundHandlerAdapter {
    private final IdentifyMessage message;
    private final CompletableFuture<Void> result;

    PushSender(IdentifyMessage message, CompletableFuture<Void> result) {
        this.message = message;
        this.result = result;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        // A failure here ends the stream.
        var unusedWrite = ctx.writeAndFlush(OwnIdentity.framed(message, ctx.alloc()));
        var unusedEnd = ((DuplexChannel) ctx.channel()).shutdownOutput();
    }

    /** Discards {@code message}: the peer should send nothing here. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            result.complete(null);
            ctx.close();
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
            result.completeExceptionally(new IdentifyFailedException(Reason.CUT, "the push stream was cut"));
        }
        ctx.fireChannelInactive();
    }
}
