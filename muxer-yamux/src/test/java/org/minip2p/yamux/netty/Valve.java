package org.minip2p.yamux.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/** A connection whose peer does not read: while it is shut nothing that is flushed leaves, and the connection fills up. */
final class Valve extends ChannelOutboundHandlerAdapter {
    int flushes;
    private boolean shut;

    void shut() {
        shut = true;
    }

    void open(ChannelHandlerContext ctx) {
        shut = false;
        ctx.flush();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushes++;
        if (!shut) {
            ctx.flush();
        }
    }
}
