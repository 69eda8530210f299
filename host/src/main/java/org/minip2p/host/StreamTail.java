package org.minip2p.host;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of every stream of a connection, one for all of them: an error that the protocol's own handlers let pass resets the
 * stream, and no more than it.
 */
@ChannelHandler.Sharable
final class StreamTail extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTail.class);

    private final long connectionId;

    StreamTail(long connectionId) {
        this.connectionId = connectionId;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        YamuxStreamChannel stream = (YamuxStreamChannel) ctx.channel();
        LOG.debug("connection={} stream={} reset error={}", connectionId, stream.streamId(), cause.toString());
        stream.reset(0);
    }
}
