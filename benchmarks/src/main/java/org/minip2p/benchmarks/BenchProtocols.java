package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.minip2p.core.ProtocolId;

/** The protocols of a {@link BenchNode}. Their handlers use as little memory as possible, since it counts as that of an idle stream. */
final class BenchProtocols {
    /** Sends back what it receives, and ends its side when the peer ends. */
    static final ProtocolId ECHO = new ProtocolId("/bench/echo/1.0.0");

    /** Discards what it receives. */
    static final ProtocolId SINK = new ProtocolId("/bench/sink/1.0.0");

    /** Writes from the first received byte until it is reset. */
    static final ProtocolId SOURCE = new ProtocolId("/bench/source/1.0.0");

    /** The length of one message of a bulk transfer. */
    static final int PIECE_BYTES = 64 * 1024;

    private static final ByteBuf PIECE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(PIECE_BYTES).writeZero(PIECE_BYTES));

    private BenchProtocols() {}

    /** Creates one message of a bulk transfer, to write once. */
    static ByteBuf piece() {
        return PIECE.retainedDuplicate();
    }

    /** For streams of {@link #ECHO}, and for bare sockets. */
    @ChannelHandler.Sharable
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.write(bytes, ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }
    }

    /** For streams of {@link #SINK}. */
    @ChannelHandler.Sharable
    static final class Sink extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }
    }

    /** For streams of {@link #SOURCE}. */
    static final class Source extends ChannelInboundHandlerAdapter {
        private final BulkWriter writer = new BulkWriter();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
            if (ctx.pipeline().context(writer) == null) {
                ctx.pipeline().addLast(writer);
                writer.start();
            }
        }
    }
}
