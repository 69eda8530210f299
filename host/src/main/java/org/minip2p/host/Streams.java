package org.minip2p.host;

import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands negotiated streams to their handlers. */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /** The pipeline makes one. That method needs no array for its handlers, and this is done for each stream. */
    static final @Nullable String GENERATED_NAME = null;

    private Streams() {}

    /** Runs the handler; when it throws, the stream is reset and what it threw returned. */
    static @Nullable Throwable handOver(ProtocolStream stream, YamuxStreamChannel channel, StreamHandler handler) {
        Throwable failure = null;
        try {
            handler.opened(stream);
        } catch (Exception e) {
            LOG.error("{} handler failed", stream, e);
            failure = e;
        }
        channel.pipeline().addLast(GENERATED_NAME, stream.connection().streamTail());
        if (failure != null) {
            channel.reset(0);
        }
        return failure;
    }
}
