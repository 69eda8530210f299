package org.minip2p.multistream.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The peer's side of an {@link EmbeddedChannel}: sends pieces to it and takes bytes from it. */
final class Wires {
    private Wires() {}

    /** A buffer of the channel's allocator, so that the leak detector finds it if it is not released. */
    static ByteBuf buffer(EmbeddedChannel channel, byte... bytes) {
        return channel.alloc().buffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    /** Bytes from the peer, in one read. */
    static void receive(EmbeddedChannel channel, byte... bytes) {
        channel.writeInbound(buffer(channel, bytes));
    }

    /** Bytes from the peer, in reads of this many bytes each. */
    static void receiveInPieces(EmbeddedChannel channel, byte[] bytes, int pieceBytes) {
        for (int from = 0; from < bytes.length; from += pieceBytes) {
            receive(channel, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceBytes)));
        }
    }

    /** Everything that was written and flushed since the last call. */
    static byte[] sent(EmbeddedChannel channel) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            out.writeBytes(ByteBufUtil.getBytes(piece));
            piece.release();
        }
        return out.toByteArray();
    }

    /** Counts the outbound operations. */
    static final class Counter extends ChannelOutboundHandlerAdapter {
        int writes;
        int flushes;
        int reads;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            writes++;
            ChannelFuture unused = ctx.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            ctx.flush();
        }

        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
            ctx.read();
        }
    }
}
