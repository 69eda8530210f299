package org.minip2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.minip2p.host.ProtocolStream;

/** Resets the stream at the first bytes. */
final class ResetHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final ProtocolStream stream;

    ResetHandler(ProtocolStream stream) {
        this.stream = stream;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
        stream.reset();
    }
}
