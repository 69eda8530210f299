package peer;

import io.libp2p.mux.yamux.YamuxFrame;
import io.libp2p.mux.yamux.YamuxFrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;

/**
 * Sends zeros on a stream, and then closes our side. A stream of jvm-libp2p is always writable and its writes are done at once, even while
 * their bytes wait for the window of Yamux; above 10 MiB of them it is reset, and when both sides are closed they are lost. So this counts
 * the bytes in the stream's frames, just before they are encoded, and writes on when few are left. Confined to the connection's event loop.
 */
final class Sender extends ChannelOutboundHandlerAdapter {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int UNSENT_BYTES = 1024 * 1024;
    private static final ByteBuf ZEROS =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES));

    private final ChannelHandlerContext stream;
    private long remaining;
    private long unsent;
    private boolean scheduled;
    private boolean closed;

    private Sender(ChannelHandlerContext stream, long bytes) {
        this.stream = stream;
        this.remaining = bytes;
    }

    /** Sends the first bytes and that many zeros. */
    static void send(ChannelHandlerContext stream, ByteBuf first, long zeros) {
        Sender sender = new Sender(stream, zeros);
        ChannelPipeline connection = stream.channel().parent().pipeline();
        connection.addAfter(connection.context(YamuxFrameCodec.class).name(), null, sender);
        stream.channel().closeFuture().addListener(unused -> {
            if (connection.context(sender) != null) {
                connection.remove(sender);
            }
        });
        sender.write(first);
        sender.more();
    }

    private void more() {
        scheduled = false;
        while (remaining > 0 && unsent < UNSENT_BYTES && stream.channel().isActive()) {
            int bytes = (int) Math.min(remaining, CHUNK_BYTES);
            remaining -= bytes;
            write(ZEROS.retainedDuplicate().writerIndex(bytes));
        }
        if (remaining == 0 && unsent == 0 && !closed) {
            closed = true;
            stream.disconnect();
        }
    }

    private void write(ByteBuf bytes) {
        unsent += bytes.readableBytes();
        stream.writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                stream.fireExceptionCaught(written.cause());
                stream.close();
            }
        });
    }

    /** Sees the frames of the connection. Yamux is in the middle of a loop then, so writing on is a task of its own. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof YamuxFrame frame && frame.getId().equals(stream.channel().id()) && frame.getData() != null) {
            unsent -= frame.getData().readableBytes();
            if (!scheduled) {
                scheduled = true;
                ctx.executor().execute(this::more);
            }
        }
        ctx.write(message, promise);
    }
}
