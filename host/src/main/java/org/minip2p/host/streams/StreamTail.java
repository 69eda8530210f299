package org.minip2p.host.streams;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.ResetCode;
import org.minip2p.core.Role;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.host.Connection;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.observing.StreamMeter;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * Passes the streams of one connection to their handlers, and is then the last handler of each stream: an uncaught error of the protocol's own
 * handlers resets only that stream. Handlers that are added later still see all events. One object for all streams of a connection; confined to its
 * event loop.
 */
@ChannelHandler.Sharable
final class StreamTail extends ChannelInboundHandlerAdapter {
    // Names that the pipeline need not make up for each stream, and that no application gives to its own handlers.
    static final String NEGOTIATION = "minip2p#negotiation";
    private static final String METER = "minip2p#meter";
    private static final String TAIL = "minip2p#tail";

    /** The pipeline makes one: this may stand twice in it. */
    private static final @Nullable String GENERATED_NAME = null;

    private final Connection connection;
    private final StreamFailures failures;
    private final HostMeter meter;

    StreamTail(Connection connection, StreamWatch watch) {
        this.connection = connection;
        this.failures = watch.failures();
        this.meter = watch.meter();
    }

    /** Netty would otherwise look for the annotation once per stream. */
    @Override
    public boolean isSharable() {
        return true;
    }

    Connection connection() {
        return connection;
    }

    /** A stream begins, before anything is in its pipeline; returns its meter, or null. */
    @Nullable StreamMeter begins(YamuxStreamChannel channel) {
        StreamMeter measuring = meter.stream(channel.role(), connection.id());
        if (measuring != null) {
            channel.pipeline().addLast(METER, measuring);
        }
        return measuring;
    }

    static StreamFault fault(Libp2pException cause) {
        return cause instanceof UnsupportedProtocolException
                ? StreamFault.UNSUPPORTED_PROTOCOL
                : StreamFault.NEGOTIATION_FAILED;
    }

    /** A stream that this side wanted was never created. */
    void notOpened(StreamFault fault) {
        meter.streamFailed(Role.INITIATOR, fault, connection.id());
    }

    /**
     * The protocol of a stream was agreed.
     *
     * @param measured its meter; null without observers and recordings
     */
    ProtocolStream negotiated(YamuxStreamChannel channel, ProtocolId protocol, @Nullable StreamMeter measured) {
        channel.label(protocol.value());
        if (measured != null) {
            measured.named(protocol);
        }
        return new NegotiatedStream(connection, channel, protocol);
    }

    /**
     * Runs the handler; if it throws, resets the stream and returns the exception. The handlers that it adds to the pipeline get
     * {@code channelActive}, as on any new channel.
     *
     * @param ctx the context of the negotiation, before the new handlers
     */
    @Nullable Throwable handOver(ProtocolStream stream, ChannelHandlerContext ctx, StreamHandler handler) {
        Throwable failure = null;
        try {
            ((YamuxStreamChannel) ctx.channel()).initialize(() -> {
                handler.opened(stream);
                return null;
            });
        } catch (Throwable e) { // of the application's code
            failures.tell(stream, e);
            failure = e;
        }
        ctx.pipeline().addLast(TAIL, this);
        if (failure != null) {
            stream.reset();
        } else if (ctx.channel().isActive()) {
            ctx.fireChannelActive();
        }
        return failure;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean isMoved = moveToTheEnd(ctx);
        ctx.fireChannelRead(message);
        leaveIf(isMoved, ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Without half-closure the muxer closes the stream itself, but not if the end arrived during the negotiation,
        // which was half-open.
        if (event == ChannelInputShutdownEvent.INSTANCE
                && Boolean.FALSE.equals(ctx.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
            ctx.close();
        }
        boolean isMoved = moveToTheEnd(ctx);
        ctx.fireUserEventTriggered(event);
        leaveIf(isMoved, ctx);
    }

    /**
     * Handlers that the protocol has added since, such as a relay to a socket that had to be connected first, are after this one: moves this
     * handler behind them.
     *
     * @return whether this handler is now in the pipeline twice
     */
    private boolean moveToTheEnd(ChannelHandlerContext ctx) {
        boolean isMoved = ctx.pipeline().last() != this; // so not from within such a move
        if (isMoved) {
            ctx.pipeline().addLast(GENERATED_NAME, this);
        }
        return isMoved;
    }

    private static void leaveIf(boolean isMoved, ChannelHandlerContext ctx) {
        if (isMoved && !ctx.isRemoved()) {
            ctx.pipeline().remove(ctx.name());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.pipeline().lastContext() != ctx) {
            boolean isMoved = moveToTheEnd(ctx);
            ctx.fireExceptionCaught(cause);
            leaveIf(isMoved, ctx);
            return;
        }
        YamuxStreamChannel channel = (YamuxStreamChannel) ctx.channel();
        String label = channel.label();
        if (label != null) {
            failures.tell(new NegotiatedStream(connection, channel, new ProtocolId(label)), cause);
        }
        channel.reset(ResetCode.NONE);
    }
}
