package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.End;
import org.minip2p.host.HostConfig;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * One stream over a round-trip time of 60 ms, which a relay on this machine adds: its throughput after the first second, how soon its
 * window is large, and how long it pauses after that. Two hosts and the relay are in one JVM. The floor is a bare socket through the same
 * relay, including its pauses, which are caused by the machine and the relay.
 *
 * <p>Pauses are measured on a line of 1.2 Gbit/s, after eight round trips. On a line with unlimited bandwidth, pauses are inevitable: the
 * largest window leaves at once, faster than the round trip returns its credit.
 */
final class LongPipe {
    private static final ProtocolId PROTOCOL = new ProtocolId("/long-pipe/1.0.0");
    private static final Duration ROUND_TRIP = Duration.ofMillis(60);
    private static final int ROUND_TRIPS_TO_FILL = 8;
    private static final long LINE_BYTES_PER_SECOND = 150_000_000;
    private static final long WANTED_WINDOW_BYTES = 8 << 20;
    private static final double NEVER = 999;
    private static final int PIECE_BYTES = 65_536;
    private static final long SECOND = 1_000_000_000;

    private LongPipe() {}

    /** Measures the median of five runs after a warm-up, or one short run if it must be quick. */
    static List<Figure> run(Settings settings) throws IOException, InterruptedException {
        boolean quick = settings.quick();
        long nanos = (quick ? 3 : 6) * SECOND;
        DelayingRelay.Settings far = DelayingRelay.Settings.roundTrip(ROUND_TRIP);
        DelayingRelay.Settings line = far.withBytesPerSecond(LINE_BYTES_PER_SECOND);
        measure(far, nanos); // warms up the compilers
        double bareFree = bare(far, nanos).gigabitsPerSecond();
        List<Course> free = new ArrayList<>();
        List<Course> paced = new ArrayList<>();
        List<Course> barePaced = new ArrayList<>();
        for (int i = 0; i < (quick ? 1 : 5); i++) {
            free.add(measure(far, nanos));
            paced.add(measure(line, nanos));
            barePaced.add(bare(line, nanos));
        }
        return List.of(
                Figure.of("pipe/one-stream-60ms", median(free, Course::gigabitsPerSecond), "Gbit/s")
                        .beside(bareFree)
                        .atLeast(1),
                Figure.of("pipe/window-8MiB-after", median(free, Course::roundTripsToWindow), "round trips")
                        .atMost(8),
                Figure.of("pipe/line-of-1.2Gbit", median(paced, Course::gigabitsPerSecond), "Gbit/s")
                        .beside(median(barePaced, Course::gigabitsPerSecond))
                        .atLeast(1),
                Figure.of("pipe/longest-pause-ms", median(paced, Course::longestPauseMillis), "ms")
                        .beside(median(barePaced, Course::longestPauseMillis))
                        .atMost(10));
    }

    /**
     * The results of one stream.
     *
     * @param gigabitsPerSecond its throughput after the first second
     * @param roundTripsToWindow the round trips from the frame that opens it to the credit that makes its window large
     * @param longestPauseMillis the longest pause between two reads, after eight round trips
     */
    private record Course(double gigabitsPerSecond, double roundTripsToWindow, double longestPauseMillis) {}

    private static double median(List<Course> courses, ToDoubleFunction<Course> part) {
        double[] sorted = courses.stream().mapToDouble(part).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Course measure(DelayingRelay.Settings distance, long nanos)
            throws IOException, InterruptedException {
        Sink sink = new Sink(nanos);
        try (TwoHosts hosts = TwoHosts.start(
                        Io.NIO,
                        NoiseCrypto.standard(),
                        HostConfig.defaults(),
                        server -> server.handle(
                                PROTOCOL, HALF_OPEN, stream -> stream.pipeline().addLast(sink)));
                DelayingRelay relay = DelayingRelay.to(hosts.address(), distance)) {
            var connection = hosts.client()
                    .dial(relay.address(hosts.address()))
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            sink.link.complete(relay.next());
            connection
                    .openStream(PROTOCOL, stream -> stream.pipeline().addLast(new Source()))
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            return sink.done.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    /** Measures the same for a bare socket through the relay; it has no window of its own. */
    private static Course bare(DelayingRelay.Settings distance, long nanos) throws IOException {
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                DelayingRelay relay = new DelayingRelay((InetSocketAddress) listener.getLocalAddress(), distance);
                SocketChannel writer = SocketChannel.open(relay.address());
                SocketChannel reader = listener.accept()) {
            Thread writing = new Thread(() -> writeForever(writer), "floor");
            writing.setDaemon(true);
            writing.start();
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
            long began = System.nanoTime();
            long last = began;
            long longestPause = 0;
            long second = 0;
            long bytes = 0;
            while (last - began < nanos) {
                buffer.clear();
                bytes += reader.read(buffer);
                long now = System.nanoTime();
                if (now - began > ROUND_TRIPS_TO_FILL * ROUND_TRIP.toNanos()) {
                    longestPause = Math.max(longestPause, now - last);
                }
                if (second == 0 && now - began >= SECOND) {
                    second = bytes;
                }
                last = now;
            }
            return new Course((bytes - second) * 8.0 / (last - began - SECOND), NEVER, longestPause / 1e6);
        }
    }

    private static void writeForever(SocketChannel to) {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try {
            while (true) {
                to.write(piece.clear());
            }
        } catch (IOException closed) {
            // The measurement is over.
        }
    }

    /** Writes as long as the stream is open, whenever it is writable. */
    private static final class Source extends ChannelInboundHandlerAdapter {
        private final ByteBuf piece =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(PIECE_BYTES).writeZero(PIECE_BYTES));

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor().execute(() -> write(ctx));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write(ctx);
        }

        private void write(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable()) {
                ctx.writeAndFlush(piece.retainedDuplicate(), ctx.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Reads, and measures the stream. */
    private static final class Sink extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<DelayingRelay.Link> link = new CompletableFuture<>();
        final CompletableFuture<Course> done = new CompletableFuture<>();
        private final long nanos;
        private DelayingRelay.@Nullable Link path;
        private int firstFlight;
        private long beganNanos;
        private long lastNanos;
        private long longestPauseNanos;
        private long bytes;
        private long bytesInFirstSecond;
        private double roundTripsToWindow;

        Sink(long nanos) {
            this.nanos = nanos;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            long now = System.nanoTime();
            if (path == null) {
                path = link.join();
                firstFlight = path.flight(End.LISTENER);
                beganNanos = now;
            }
            bytes += in.readableBytes();
            if (now - beganNanos > ROUND_TRIPS_TO_FILL * ROUND_TRIP.toNanos()) {
                longestPauseNanos = Math.max(longestPauseNanos, now - lastNanos);
            }
            if (roundTripsToWindow == 0
                    && ((YamuxStreamChannel) ctx.channel()).receiveWindowBytes() >= WANTED_WINDOW_BYTES) {
                roundTripsToWindow = (path.flight(End.LISTENER) - firstFlight + 2) / 2.0;
            }
            lastNanos = now;
            long since = now - beganNanos;
            if (bytesInFirstSecond == 0 && since >= SECOND) {
                bytesInFirstSecond = bytes;
            } else if (since >= nanos) {
                done.complete(new Course(
                        (bytes - bytesInFirstSecond) * 8.0 / (since - SECOND),
                        roundTripsToWindow > 0 ? roundTripsToWindow : NEVER,
                        longestPauseNanos / 1e6));
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Runs this measurement alone. */
    public static void main(String[] arguments) throws Exception {
        BenchHosts.print(arguments, LongPipe::run);
    }
}
