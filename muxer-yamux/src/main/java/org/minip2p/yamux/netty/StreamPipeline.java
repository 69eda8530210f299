package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ResetCode;
import org.minip2p.core.StreamQueueFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipeline of a stream: counts writes of other threads, and handles uncaught errors. */
final class StreamPipeline extends DefaultChannelPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPipeline.class);

    /**
     * Writes in flight from other threads may be this many times the queue limit of a stream. Other threads can be faster than the event loop,
     * which would otherwise detect it too late.
     */
    private static final int OUTSIDE_FACTOR = 4;

    private final LocalStream stream;
    private final Wire wire;

    /** The failure of writes of other threads, set at once. */
    private volatile @Nullable StreamQueueFullException overrun;

    StreamPipeline(Channel channel, LocalStream stream, Wire wire) {
        super(channel);
        this.stream = stream;
        this.wire = wire;
    }

    /**
     * Whether other threads write faster than the event loop can follow: the stream then fails, as for a full queue. Any thread.
     *
     * @param msg released when it is refused
     * @param promise fails when it is refused
     */
    boolean isRefused(Object msg, ChannelPromise promise) {
        if (channel().eventLoop().inEventLoop()) {
            return false;
        }
        StreamQueueFullException refusal = overrun;
        if (refusal == null) {
            long pending = stream.output().writability().pendingBytes();
            long limit = OUTSIDE_FACTOR * stream.maxQueuedBytes();
            if (pending <= limit) {
                return false;
            }
            int size = channel().config().getMessageSizeEstimator().newHandle().size(msg);
            StreamQueueFullException first = new StreamQueueFullException(pending, size, limit);
            refusal = first;
            overrun = first;
            wire.runLater(() -> stream.overflow(first));
        }
        ReferenceCountUtil.release(msg);
        promise.tryFailure(refusal);
        return true;
    }

    @Override
    protected void incrementPendingOutboundBytes(long size) {
        stream.output().writability().add(size, true);
    }

    @Override
    protected void decrementPendingOutboundBytes(long size) {
        stream.output().writability().remove(size, true);
    }

    /** A handler with an uncaught error leaves a stream without an answer, so the peer gets a reset. */
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
