package org.minip2p.host.streams;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the streams of one connection to their handlers, and is then the last handler of each of them: an error that the protocol's own
 * handlers let pass resets the stream, and no more than it. One for all streams of a connection; confined to its event loop.
 */
@ChannelHandler.Sharable
final class StreamTail extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTail.class);

    /** The pipeline makes one. That method needs no array for its handlers, and this is done for each stream. */
    static final @Nullable String GENERATED_NAME = null;

    private final Connection connection;

    StreamTail(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** A stream on which a protocol was agreed. */
    ProtocolStream negotiated(YamuxStreamChannel channel, ProtocolId protocol) {
        return new NegotiatedStream(connection, channel, protocol);
    }

    /** Runs the handler; when it throws, the stream is reset and what it threw returned. */
    @Nullable Throwable handOver(ProtocolStream stream, YamuxStreamChannel channel, StreamHandler handler) {
        Throwable failure = null;
        try {
            handler.opened(stream);
        } catch (Exception e) {
            LOG.error("{} handler failed", stream, e);
            failure = e;
        }
        channel.pipeline().addLast(GENERATED_NAME, this);
        if (failure != null) {
            channel.reset(0);
        }
        return failure;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        YamuxStreamChannel stream = (YamuxStreamChannel) ctx.channel();
        LOG.debug("connection={} stream={} reset error={}", connection.id(), stream.streamId(), cause.toString());
        stream.reset(0);
    }
}
