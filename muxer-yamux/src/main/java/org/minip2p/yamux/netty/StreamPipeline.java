package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPipeline;
import java.io.IOException;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ResetCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipeline of a stream counts writes of other threads, and knows what to do with an error that no handler took. */
final class StreamPipeline extends DefaultChannelPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPipeline.class);

    private final LocalStream stream;

    StreamPipeline(Channel channel, LocalStream stream) {
        super(channel);
        this.stream = stream;
    }

    @Override
    protected void incrementPendingOutboundBytes(long size) {
        stream.output().writability().add(size, true);
    }

    @Override
    protected void decrementPendingOutboundBytes(long size) {
        stream.output().writability().remove(size, true);
    }

    /** A handler that failed and told nobody leaves a stream that nobody answers: the peer is told. */
    @Override
    protected void onUnhandledInboundException(Throwable cause) {
        if (!stream.life().isOpen()) {
            LOG.debug("stream={} unhandled={}", channel().id(), cause.toString());
            return;
        }
        if (cause instanceof Libp2pException || cause instanceof IOException) {
            LOG.debug("stream={} reset=unhandled-exception error={}", channel().id(), cause.toString());
        } else {
            LOG.warn("stream={} reset=unhandled-exception", channel().id(), cause);
        }
        stream.reset(ResetCode.NONE);
    }
}
