package peer;

import io.libp2p.core.Connection;
import io.libp2p.etc.util.netty.mux.RemoteWriteClosed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** One echo on a stream of its own: sends 32 bytes and the end, and has ended when both have come back. */
final class Request extends ChannelInboundHandlerAdapter {
    static final int MESSAGE_BYTES = 32;

    private static final ByteBuf MESSAGE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES));

    private final Outcome outcome;
    private int bytes;
    private boolean sent;
    private boolean done;

    private Request(Outcome outcome) {
        this.outcome = outcome;
    }

    /** Opens a stream for one request; the outcome is told on the connection's event loop, but for a failure to open the stream. */
    static void send(Connection connection, Outcome outcome) {
        new Protocol(Hosts.ECHO, () -> new Request(outcome)).open(connection).whenComplete((handler, failure) -> {
            if (failure != null) {
                outcome.failed(failure);
            }
        });
    }

    /** Creates one message, to write once. */
    static ByteBuf message() {
        return MESSAGE.retainedDuplicate();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!sent) {
            sent = true;
            ctx.writeAndFlush(message(), ctx.voidPromise());
            ctx.disconnect(); // closes our side
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        bytes += read.readableBytes();
        read.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != RemoteWriteClosed.INSTANCE || done) {
            return;
        }
        done = true;
        if (bytes == MESSAGE_BYTES) {
            outcome.ended();
        } else {
            outcome.failed(new IllegalStateException("expected " + MESSAGE_BYTES + " bytes, got " + bytes));
        }
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        fail(new IllegalStateException("the stream was reset after " + bytes + " bytes"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    private void fail(Throwable failure) {
        if (!done) {
            done = true;
            outcome.failed(failure);
        }
    }
}
