package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;

/**
 * Sends bytes to a peer that sends them back, and checks the returned bytes: they must be a prefix of what was sent, and all of it if the
 * stream ended cleanly.
 */
final class Transfer extends ChannelInboundHandlerAdapter {
    static final ProtocolId PROTOCOL = new ProtocolId("/simulated/echo/1");
    private static final ProtocolId UNKNOWN = new ProtocolId("/simulated/unknown/1");
    static final PeerEnd PEER_END = PeerEnd.CLOSE_WITH_PEER;
    private static final int MOST_PIECE_BYTES = 9_000;

    private final World world;
    private final String name;
    private final int size;
    private final int salt;
    private final long stallNanos;
    private int written;
    private int got;
    private boolean isOpened;
    private boolean isClosed;
    private Runnable giveUp = () -> {};

    private Transfer(World world, String name, int size, long stallNanos) {
        this.world = world;
        this.name = name;
        this.size = size;
        this.salt = world.random().nextInt();
        this.stallNanos = stallNanos;
    }

    /** How its stream is opened. */
    enum Opening {
        /** It writes before the peer has answered. */
        AT_ONCE,
        /** It first proposes a protocol that no host speaks, and waits for an answer. */
        CHOOSING,
        /** It takes the stream only when the opening is reported as done, so that a cancelled opening leaves a stream without an owner. */
        LATE
    }

    /**
     * Starts a transfer.
     *
     * @param books the books of the host that sends
     * @param connection the connection to use
     * @param size the number of bytes to send
     * @param stallNanos how long it stops reading after its first byte; 0 for not at all
     * @param how its stream is opened
     */
    static Transfer start(Books books, Connection connection, int size, long stallNanos, Opening how) {
        String name = books.name() + " transfer of " + size + " on connection " + connection.id();
        Transfer transfer = new Transfer(books.world(), name, size, stallNanos);
        books.transferring(transfer);
        books.promised("opening a stream for " + name, transfer.open(connection, how));
        return transfer;
    }

    private CompletableFuture<ProtocolStream> open(Connection connection, Opening how) {
        StreamHandler handler = stream -> stream.pipeline().addLast(this);
        CompletableFuture<ProtocolStream> opening = switch (how) {
            case AT_ONCE -> connection.openStream(PROTOCOL, handler);
            case CHOOSING -> connection.openStream(List.of(UNKNOWN, PROTOCOL), handler);
            case LATE -> connection.openStream(List.of(UNKNOWN, PROTOCOL), stream -> {});
        };
        if (how == Opening.LATE) {
            var unused = opening.thenAccept(stream ->
                    stream.channel().eventLoop().execute(() -> stream.pipeline().addLast(this)));
        }
        giveUp = () -> opening.cancel(false);
        return opening;
    }

    /** Cancels the opening if the stream is not open yet. */
    void giveUp() {
        giveUp.run();
    }

    /** Whether everything has come back. */
    boolean isComplete() {
        return isClosed && got == size;
    }

    /** The other side: sends back what comes. */
    static void answer(Books books, ProtocolStream stream) {
        stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.write(message);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.flush();
                ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                books.world().note(books.name(), "echo ended by " + cause);
                ctx.close();
            }
        });
    }

    private byte at(int offset) {
        return (byte) (salt + offset * 31 + (offset >>> 8));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        isOpened = true;
        ctx.channel().closeFuture().addListener(closed -> isClosed = true);
        if (ctx.channel().isActive()) {
            send(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        send(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        boolean wasUnfinished = written < size;
        while (written < size && ctx.channel().isWritable()) {
            int count = Math.min(size - written, 1 + world.random().nextInt(MOST_PIECE_BYTES));
            ByteBuf piece = ctx.alloc().buffer(count);
            for (int i = 0; i < count; i++) {
                piece.writeByte(at(written + i));
            }
            written += count;
            ctx.write(piece);
        }
        ctx.flush();
        if (wasUnfinished && written == size) {
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf bytes = (ByteBuf) message;
            if (got == 0 && stallNanos > 0) {
                ctx.channel().config().setAutoRead(false);
                ctx.executor()
                        .schedule(() -> ctx.channel().config().setAutoRead(true), stallNanos, TimeUnit.NANOSECONDS);
            }
            while (bytes.isReadable()) {
                byte next = bytes.readByte();
                if (got >= written || next != at(got)) {
                    world.fault(name + ": byte " + got + " came back wrong, of " + written + " written");
                    ctx.close();
                    return;
                }
                got++;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            world.note(name, "came back: " + got);
            if (got != size) {
                world.fault(name + ": a clean end after " + got + " of " + size + " bytes, " + written + " written");
            }
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        world.note(name, "ended by " + cause + " after " + got);
        ctx.close();
    }

    @Override
    public String toString() {
        return name + ": " + got + " of " + written + " came back, "
                + (isClosed ? "its stream is closed" : isOpened ? "its stream is open" : "it has no stream");
    }

    /** Streams that are still open at the end, one per line. */
    List<String> leftovers() {
        return isOpened && !isClosed ? List.of(name + " is still open, " + got + " bytes came back") : List.of();
    }
}
