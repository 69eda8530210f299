package org.minip2p.multistream.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;

/**
 * An owner of a stage. It installs a next handler that keeps what it receives, and records all calls and events in
 * order.
 */
final class Recorder implements NegotiationListener {
    /**
     * The calls and events, in order: "negotiated /a", "confirmed /a", "failed", "data 0a0b", "event X", "inactive".
     */
    final List<String> log = new ArrayList<>();

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private byte[] greeting = {};
    private Consumer<ChannelHandlerContext> whenNegotiated = ctx -> {};
    private @Nullable Libp2pException failure;
    private int activations;

    /** Makes the next handler write these bytes, without a flush, when it is installed. */
    Recorder writing(byte... bytes) {
        greeting = bytes.clone();
        return this;
    }

    /** Runs an action in {@link #negotiated}, after the next handler was installed. */
    Recorder doing(Consumer<ChannelHandlerContext> action) {
        whenNegotiated = action;
        return this;
    }

    @Override
    public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
        log.add("negotiated " + protocol);
        ctx.pipeline().addAfter(ctx.name(), "next", new Next());
        whenNegotiated.accept(ctx);
    }

    @Override
    public void confirmed(ChannelHandlerContext ctx, ProtocolId protocol) {
        log.add("confirmed " + protocol);
    }

    @Override
    public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
        log.add("failed");
        failure = cause;
    }

    /** The bytes that the next handler received. */
    byte[] received() {
        return received.toByteArray();
    }

    /** The cause of the failure, or null if the negotiation has not failed. */
    @Nullable Libp2pException failure() {
        return failure;
    }

    /** How often the next handler was told that the channel is active. */
    int activations() {
        return activations;
    }

    /** The number of entries in the log with this prefix. */
    long count(String prefix) {
        return log.stream().filter(entry -> entry.startsWith(prefix)).count();
    }

    private final class Next extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (greeting.length > 0) {
                ChannelFuture unused = ctx.write(Unpooled.wrappedBuffer(greeting));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            log.add("data " + ByteBufUtil.hexDump(in));
            received.writeBytes(ByteBufUtil.getBytes(in));
            in.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            log.add("event " + event.getClass().getSimpleName());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            activations++;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            log.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.add("exception " + cause.getMessage());
        }
    }
}
