package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/**
 * Opens echo streams for a given time. Each sends 32 bytes and the end, and has ended when both have come back. Confined to the
 * connection's event loop, but for {@link #run}.
 */
final class StreamLoop implements StreamOutcome {
    private final Connection connection;
    private final ProtocolId echo;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private long endNanos;
    private int running;
    private int ended;

    StreamLoop(Connection connection, ProtocolId echo) {
        this.connection = connection;
        this.echo = echo;
    }

    /** Runs once, for the given number of seconds; returns the number of streams. */
    int run(int atOnce, int seconds) {
        connection.eventLoop().execute(() -> {
            endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (int i = 0; i < atOnce; i++) {
                next();
            }
        });
        return BenchHosts.done(result);
    }

    private void next() {
        running++;
        request(connection, echo, this);
    }

    @Override
    public void ended() {
        running--;
        ended++;
        if (System.nanoTime() < endNanos) {
            next();
        } else if (running == 0) {
            result.complete(ended);
        }
    }

    @Override
    public void failed(Throwable failure) {
        result.completeExceptionally(failure);
    }

    /** Performs one request on a new stream. */
    static void request(Connection connection, ProtocolId echo, StreamOutcome outcome) {
        CompletableFuture<ProtocolStream> opened =
                connection.openStream(echo, stream -> stream.pipeline().addLast(new Request(outcome)));
        opened.whenComplete((stream, failure) -> {
            if (failure != null) {
                outcome.failed(failure);
            }
        });
    }

    private static final class Request extends ChannelInboundHandlerAdapter {
        private final StreamOutcome outcome;
        private int bytes;

        Request(StreamOutcome outcome) {
            this.outcome = outcome;
        }

        /** The stream is active already. */
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(PingLoop.ping(), ctx.voidPromise());
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf read = (ByteBuf) message;
            bytes += read.readableBytes();
            read.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (bytes == PingLoop.PING_BYTES) {
                outcome.ended();
            } else {
                outcome.failed(new IllegalStateException("expected " + PingLoop.PING_BYTES + " bytes, got " + bytes));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            outcome.failed(cause);
            ctx.close();
        }
    }
}
