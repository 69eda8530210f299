package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;

/**
 * One stream over a line of 1.2 Gbit/s with a round trip of 60 ms, in virtual time. So a busy machine does not matter.
 */
class LongPipeTest {
    private static final Duration ONE_WAY = Duration.ofMillis(30);
    private static final double BYTES_PER_NANO = 0.15;
    private static final long STEP_NANOS = 500_000;
    private static final long MIB = 1 << 20;

    @Test
    @Conforms({"YMX-51", "YMX-52"})
    void isFullAfterEightRoundTripsAndStaysSo() {
        try (Line line = new Line()) {
            line.run(ONE_WAY.multipliedBy(2 * 8));
            assertThat(line.window()).as("within eight round trips").isGreaterThanOrEqualTo(8 * MIB);

            line.startCounting();
            line.run(Duration.ofSeconds(1));

            assertThat(line.counted * 8.0 / 1e9).as("Gbit in a second").isGreaterThanOrEqualTo(1.1);
            assertThat(line.longestPauseNanos).as("pause").isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private record Piece(long dueNanos, ByteBuf bytes) {}

    /** Two ends, and the bytes in flight between them. */
    private static final class Line implements AutoCloseable {
        private final End sender = new End(Role.INITIATOR);
        private final End receiver = new End(Role.RESPONDER);
        private final Queue<Piece> forward = new ArrayDeque<>();
        private final Queue<Piece> backward = new ArrayDeque<>();
        private long nowNanos;
        private long lineFreeNanos;
        private long lastDataNanos;
        private long before;
        long longestPauseNanos;
        long counted;

        Line() {
            sender.open(stream -> stream.pipeline().addFirst(new Source()));
        }

        void run(Duration time) {
            for (long end = nowNanos + time.toNanos(); nowNanos < end; nowNanos += STEP_NANOS) {
                sender.channel.advanceTimeBy(STEP_NANOS, TimeUnit.NANOSECONDS);
                receiver.channel.advanceTimeBy(STEP_NANOS, TimeUnit.NANOSECONDS);
                arrive(backward, sender);
                carry(sender, forward);
                if (arrive(forward, receiver)) {
                    longestPauseNanos = Math.max(longestPauseNanos, nowNanos - lastDataNanos);
                    lastDataNanos = nowNanos;
                }
                carry(receiver, backward);
                counted = receiver.inbound.isEmpty() ? 0 : receiver.recorder(1).bytes - before;
            }
        }

        void startCounting() {
            before = receiver.recorder(1).bytes;
            longestPauseNanos = 0;
        }

        long window() {
            return receiver.inbound(1).receiveWindowBytes();
        }

        /** Forward data leaves at the line's rate, in pieces that are small compared with it. */
        private void carry(End from, Queue<Piece> way) {
            ByteBuf sent = from.sentBytes();
            while (sent.isReadable()) {
                ByteBuf piece = sent.readRetainedSlice(Math.min(sent.readableBytes(), 65_536));
                long leaves = nowNanos;
                if (way == forward) {
                    lineFreeNanos = Math.max(lineFreeNanos, nowNanos) + (long) (piece.readableBytes() / BYTES_PER_NANO);
                    leaves = lineFreeNanos;
                }
                way.add(new Piece(leaves + ONE_WAY.toNanos(), piece));
            }
            sent.release();
        }

        private boolean arrive(Queue<Piece> way, End to) {
            boolean any = false;
            for (Piece first; (first = way.peek()) != null && first.dueNanos <= nowNanos; any = true) {
                way.remove();
                to.channel.writeInbound(first.bytes);
            }
            to.channel.runPendingTasks();
            return any;
        }

        @Override
        public void close() {
            sender.close();
            receiver.close();
            forward.forEach(piece -> piece.bytes.release());
            backward.forEach(piece -> piece.bytes.release());
        }
    }

    /** Writes whenever the stream is writable. */
    private static final class Source extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            write(ctx);
            ctx.fireChannelActive();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write(ctx);
            ctx.fireChannelWritabilityChanged();
        }

        private static void write(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable()) {
                ctx.writeAndFlush(End.bytes(65_536), ctx.voidPromise());
            }
        }
    }
}
