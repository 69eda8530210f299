package org.minip2p.host.streams;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.ResetCode;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.observing.StreamMeter;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Negotiates the protocol of a stream that the peer opened, and passes the stream to the protocol's handler. Confined to the event
 * loop.
 */
final class InboundNegotiation implements NegotiationListener, StreamUse.Negotiating {
    private static final Logger LOG = LoggerFactory.getLogger(InboundNegotiation.class);

    private final StreamNegotiation negotiation;
    private final StreamTail tail;
    private final NegotiationPlaces places;
    private final YamuxStreamChannel channel;
    private final StreamUse use;
    private final ScheduledFuture<?> deadline;
    private @Nullable StreamMeter meter;
    private boolean over;

    /** A negotiation with a slot, which it releases at its end. */
    InboundNegotiation(
            StreamNegotiation negotiation,
            StreamTail tail,
            NegotiationPlaces places,
            YamuxStreamChannel channel,
            StreamUse use) {
        this.negotiation = negotiation;
        this.tail = tail;
        this.places = places;
        this.channel = channel;
        this.use = use;
        this.deadline = negotiation.deadline(channel, this::timedOut);
    }

    void start() {
        use.negotiationStarts(this);
        meter = tail.begins(channel);
        channel.pipeline().addLast(StreamTail.NEGOTIATION, negotiation.responder(this));
    }

    @Override
    public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
        finish();
        ProtocolHandler answering = negotiation.handler(protocol);
        if (answering == null) {
            notAgreed(StreamFault.UNSUPPORTED_PROTOCOL);
            channel.reset(ResetCode.NEGOTIATION_FAILED);
            return;
        }
        if (answering.closesWithPeer()) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        }
        tail.handOver(tail.negotiated(channel, answering.protocol(), meter), ctx, answering.handler());
    }

    @Override
    public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
        LOG.debug(
                "connection={} stream={} negotiation failed error={}",
                tail.connection().id(),
                channel.streamId(),
                cause.getMessage());
        finish();
        notAgreed(StreamTail.fault(cause));
        if (cause instanceof UnsupportedProtocolException) {
            // The refusal is being sent: a reset would overtake it.
            channel.close();
        } else {
            channel.refuse(ResetCode.NEGOTIATION_FAILED);
        }
    }

    @Override
    public void streamClosed() {
        finish();
    }

    private void timedOut() {
        LOG.debug(
                "connection={} stream={} negotiation timed out",
                tail.connection().id(),
                channel.streamId());
        notAgreed(StreamFault.TIMEOUT);
        channel.refuse(ResetCode.NEGOTIATION_FAILED);
    }

    private void notAgreed(StreamFault fault) {
        if (meter != null) {
            meter.notAgreed(fault);
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            deadline.cancel(false);
            use.negotiationEnds();
            places.release();
        }
    }
}
