package org.minip2p.host;

import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands negotiated streams to their handlers. */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private Streams() {}

    /** Runs the handler; when it throws, the stream is reset and what it threw returned. */
    static @Nullable Throwable handOver(Stream stream, YamuxStreamChannel channel, StreamHandler handler) {
        Throwable failure = null;
        try {
            handler.opened(stream);
        } catch (Exception e) {
            LOG.error("{} handler failed", stream, e);
            failure = e;
        }
        channel.pipeline().addLast(stream.connection().streamTail());
        if (failure != null) {
            channel.reset(0);
        }
        return failure;
    }
}
