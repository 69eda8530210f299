package org.minip2p.yamux.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * A connection whose peer may stop reading. While the valve is shut, no flushed data leaves, and the connection fills
 * up.
 */
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
