package org.minip2p.examples;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import org.minip2p.host.ProtocolStream;

/**
 * Relays one channel to another: bytes no faster than the other channel sends them, the end as a half-closure, a failure as a reset. {@link
 * #join} connects a stream and a TCP connection.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private final DuplexChannel other;
    private final Runnable resetOther;
    private final Runnable endOther;

    private Relay(DuplexChannel other, Runnable resetOther, Runnable endOther) {
        this.other = other;
        this.resetOther = resetOther;
        this.endOther = endOther;
    }

    /**
     * Joins the two, until both directions have ended or one of the two fails.
     *
     * @param stream half-open when its peer ends
     * @param socket must have {@code ALLOW_HALF_CLOSURE}, and not yet {@code AUTO_READ}
     * @throws IllegalStateException when they have different event loops: then neither notices at once that the other is not
     *     writable
     */
    static void join(ProtocolStream stream, SocketChannel socket) {
        if (stream.connection().eventLoop() != socket.eventLoop()) {
            throw new IllegalStateException("expected a stream and a socket of one event loop");
        }
        DuplexChannel channel = stream.channel();
        channel.pipeline().addLast(new Relay(socket, () -> reset(socket), () -> afterWrites(socket, socket::close)));
        socket.pipeline().addLast(new Relay(channel, stream::reset, stream::reset));
        channel.config().setAutoRead(true);
        socket.config().setAutoRead(true);
    }

    /** TCP's way to report a failure: a reset instead of the end. */
    static void reset(SocketChannel socket) {
        if (socket.isOpen()) {
            socket.config().setSoLinger(0);
            socket.close();
        }
    }

    /** When a Netty socket ends its output, it drops unwritten data, so the end waits until that data was written. */
    private static void afterWrites(DuplexChannel channel, Runnable end) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> end.run());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        other.write(bytes);
        if (!other.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.flush();
    }

    /** Reads from the other channel as long as this one is writable. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            afterWrites(other, other::shutdownOutput);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        resetOther.run();
        ctx.close();
    }

    /** When a stream closes because both sides have ended it, the socket is closed, too. A socket that closes earlier was cut. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endOther.run();
    }
}
