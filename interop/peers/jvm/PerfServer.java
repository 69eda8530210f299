package peer;

import io.libp2p.etc.util.netty.mux.RemoteWriteClosed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Reads the length of its answer and then to the end of the stream; sends as many bytes. */
final class PerfServer extends ChannelInboundHandlerAdapter {
    private final ByteBuf header = Unpooled.buffer(Long.BYTES);
    private boolean answered;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        header.writeBytes(read, Math.min(Long.BYTES - header.readableBytes(), read.readableBytes()));
        read.release();
    }

    /** jvm-libp2p may tell the end several times, when the other side does. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != RemoteWriteClosed.INSTANCE || answered) {
            return;
        }
        answered = true;
        if (header.readableBytes() < Long.BYTES) {
            ctx.close();
        } else {
            Sender.send(ctx, Unpooled.EMPTY_BUFFER, header.getLong(0));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        System.err.println("perf: " + cause);
        ctx.close();
    }
}
