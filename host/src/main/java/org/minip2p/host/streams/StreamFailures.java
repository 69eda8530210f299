package org.minip2p.host.streams;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamFailureListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where exceptions go that no handler of a stream caught: to the application, or to the log, with their stack if they look like an error in
 * its code and not like one of the peer. Thread-safe.
 */
public final class StreamFailures {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFailures.class);

    private final @Nullable StreamFailureListener listener;

    /**
     * For one host.
     *
     * @param listener told of all; null for the log
     */
    public StreamFailures(@Nullable StreamFailureListener listener) {
        this.listener = listener;
    }

    void tell(ProtocolStream stream, Throwable cause) {
        if (listener != null) {
            try {
                listener.streamFailed(stream, cause);
            } catch (Throwable e) { // of the application's code
                LOG.error("{}: the listener to stream failures failed", stream, e);
            }
        } else if (cause instanceof IOException
                || cause instanceof DecoderException
                || cause instanceof Libp2pException) {
            LOG.debug("{} failed error={}", stream, cause.toString());
        } else {
            LOG.warn("{}: an exception of its handlers that nobody caught", stream, cause);
        }
    }
}
