package org.minip2p.host.streams;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPipelineException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.ProtocolStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports uncaught exceptions of stream handlers: to the application, or to the log, with their stack if they look like an error in the
 * application's code and not like a failure of the peer. Thread-safe.
 */
public final class StreamFailures {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFailures.class);

    private final @Nullable BiConsumer<ProtocolStream, Throwable> listener;

    /**
     * For one host.
     *
     * @param listener gets all of them; null for the log
     */
    public StreamFailures(@Nullable BiConsumer<ProtocolStream, Throwable> listener) {
        this.listener = listener;
    }

    void tell(ProtocolStream stream, Throwable cause) {
        if (listener != null) {
            try {
                listener.accept(stream, cause);
            } catch (Throwable e) { // thrown by the application's code
                LOG.error("{}: stream-failure listener threw", stream, e);
            }
        } else if (isOfThePeer(cause)) {
            LOG.debug("{} failed error={}", stream, cause.toString());
        } else {
            LOG.warn("{}: uncaught exception in its handlers", stream, cause);
        }
    }

    /** Whether a peer can cause it as often as it likes, by the data that it sends, or by not sending data that a handler waits for. */
    private static boolean isOfThePeer(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof DecoderException
                || cause instanceof PrematureChannelClosureException
                || (cause instanceof ChannelException && !(cause instanceof ChannelPipelineException));
    }
}
