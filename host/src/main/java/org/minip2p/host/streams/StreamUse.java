package org.minip2p.host.streams;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * One stream's use of its connection, until its channel is closed. During the negotiation, the negotiation is told of that end, too;
 * afterwards it is no longer referenced. Confined to the event loop.
 */
final class StreamUse implements ChannelFutureListener {
    /** Told when the channel is closed before the negotiation is over. */
    interface Negotiating {
        void streamClosed();
    }

    private final Uses uses;
    private @Nullable Negotiating negotiating;

    /** Wraps a use that was {@link Uses#tryTake taken}; the caller adds this as a listener of the stream's end. */
    StreamUse(Uses uses) {
        this.uses = uses;
    }

    void negotiationStarts(Negotiating negotiation) {
        negotiating = negotiation;
    }

    void negotiationEnds() {
        negotiating = null;
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
        Negotiating unfinished = negotiating;
        if (unfinished != null) {
            unfinished.streamClosed();
        }
        uses.release();
    }
}
