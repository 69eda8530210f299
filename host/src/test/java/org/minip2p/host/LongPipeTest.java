package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.End;
import org.minip2p.core.testing.DelayingRelay.Settings;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/** One stream over a long distance, which a relay simulates. */
class LongPipeTest {
    private static final ProtocolId SINK = new ProtocolId("/sink/1.0.0");
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    /**
     * The relay counts the round trips, from the frame that opens the stream to the credit that makes its window 8 MiB.
     * A machine that moves less than a few MiB in a round trip needs more round trips. So the distance is longer than
     * necessary, and the best of three tries counts.
     */
    @Test
    @Conforms("YMX-52")
    void hasAWindowOf8MiBWithinEightRoundTrips() throws Exception {
        double least = Double.MAX_VALUE;
        for (int tries = 0; tries < 3 && least > 8; tries++) {
            try (Pipe pipe = new Pipe(Duration.ofMillis(320))) {
                least = Math.min(least, await(pipe.sink.roundTripsTo8MiB));
            }
        }
        assertThat(least).isLessThanOrEqualTo(8);
    }

    @Test
    @Tag("explore")
    void carriesAGigabitPerSecondOver60Milliseconds() throws Exception {
        try (Pipe pipe = new Pipe(Duration.ofMillis(60))) {
            assertThat(await(pipe.sink.gigabitsPerSecond))
                    .as("Gbit/s after the first second")
                    .isGreaterThanOrEqualTo(1);
        }
    }

    /** Two hosts, the relay between them, and a stream that is written as fast as it accepts bytes. */
    private static final class Pipe implements AutoCloseable {
        final Sink sink = new Sink();
        private final Hosts hosts = new Hosts();
        private final DelayingRelay relay;

        Pipe(Duration roundTrip) throws Exception {
            Host listener = hosts.start(Host.builder()
                    .listen(LOOPBACK)
                    .handle(SINK, HALF_OPEN, stream -> stream.pipeline().addLast(sink)));
            relay = DelayingRelay.to(address(listener), Settings.roundTrip(roundTrip));
            Connection connection = await(hosts.dialer().dial(relay.address(address(listener))));
            sink.link.complete(relay.next());
            await(connection.openStream(SINK, stream -> stream.pipeline().addLast(new Source())));
        }

        @Override
        public void close() {
            relay.close(); // first, or else the hosts would wait until all bytes are sent
            hosts.close();
        }
    }

    /** Writes for as long as the stream lives, but no more than the stream accepts. */
    private static final class Source extends ChannelInboundHandlerAdapter {
        private static final int PIECE_BYTES = 65_536;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor().execute(() -> write(ctx));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write(ctx);
        }

        private static void write(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable()) {
                ctx.writeAndFlush(
                        ctx.alloc().directBuffer(PIECE_BYTES, PIECE_BYTES).writeZero(PIECE_BYTES));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Counts the bytes, and the round trips until the window is large. */
    private static final class Sink extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<DelayingRelay.Link> link = new CompletableFuture<>();
        final CompletableFuture<Double> roundTripsTo8MiB = new CompletableFuture<>();
        final CompletableFuture<Double> gigabitsPerSecond = new CompletableFuture<>();
        private int firstFlight;
        private long beganNanos;
        private long bytes;
        private long bytesInFirstSecond;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            long now = System.nanoTime();
            int flight = await(link).flight(End.LISTENER);
            if (bytes == 0) {
                firstFlight = flight;
                beganNanos = now;
            }
            bytes += in.readableBytes();
            if (((YamuxStreamChannel) ctx.channel()).receiveWindowBytes() >= 8 * MIB) {
                roundTripsTo8MiB.complete((flight - firstFlight + 2) / 2.0);
            }
            long nanos = now - beganNanos;
            if (nanos >= SECOND && bytesInFirstSecond == 0) {
                bytesInFirstSecond = bytes;
            } else if (nanos >= 4 * SECOND) {
                gigabitsPerSecond.complete((bytes - bytesInFirstSecond) * 8.0 / (nanos - SECOND));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
