package org.minip2p.host;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.UnsupportedProtocolException;
import org.minip2p.multistream.netty.MultistreamResponder;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agrees with a peer on the protocol of a stream that it opened, and hands the stream to the protocol's handler. Confined to the event
 * loop.
 */
final class InboundNegotiation implements NegotiationListener, StreamUse.Negotiating {
    private static final Logger LOG = LoggerFactory.getLogger(InboundNegotiation.class);

    private final Connection connection;
    private final YamuxStreamChannel channel;
    private final StreamUse use;
    private final ScheduledFuture<?> deadline;
    private boolean over;

    private InboundNegotiation(Connection connection, YamuxStreamChannel channel, StreamUse use) {
        this.connection = connection;
        this.channel = channel;
        this.use = use;
        this.deadline = channel.eventLoop()
                .schedule(
                        this::late,
                        connection
                                .services()
                                .config()
                                .get(HostConfig.NEGOTIATION_TIMEOUT)
                                .toMillis(),
                        TimeUnit.MILLISECONDS);
        use.negotiationStarts(this);
    }

    static void start(Connection connection, YamuxStreamChannel channel, StreamUse use) {
        if (!connection.startNegotiating()) {
            channel.reset(0);
            return;
        }
        HostServices services = connection.services();
        InboundNegotiation negotiation = new InboundNegotiation(connection, channel, use);
        channel.pipeline()
                .addLast(
                        Streams.GENERATED_NAME,
                        new MultistreamResponder(
                                services.protocols()::supports, services.negotiationLimits(), negotiation));
    }

    @Override
    public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
        finish();
        StreamHandler handler = connection.services().protocols().find(protocol);
        if (handler == null) {
            channel.reset(0);
            return;
        }
        Streams.handOver(new ProtocolStream(connection, channel, protocol), channel, handler);
    }

    @Override
    public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
        LOG.debug(
                "connection={} stream={} negotiation failed error={}",
                connection.id(),
                channel.streamId(),
                cause.getMessage());
        finish();
        if (cause instanceof UnsupportedProtocolException) {
            // The refusal is on its way: a reset would overtake it.
            channel.close();
        } else {
            channel.reset(0);
        }
    }

    @Override
    public void streamClosed() {
        finish();
    }

    private void late() {
        LOG.debug("connection={} stream={} negotiation timed out", connection.id(), channel.streamId());
        channel.reset(0);
    }

    private void finish() {
        if (!over) {
            over = true;
            deadline.cancel(false);
            use.negotiationEnds();
            connection.negotiated();
        }
    }
}
