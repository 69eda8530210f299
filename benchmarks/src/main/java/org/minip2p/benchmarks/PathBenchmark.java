package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One path, both ends in this JVM, each on an event loop of its own: a bulk transfer in one direction, and small round trips. Run for all
 * kinds of path at once: the first two are the floors of the third. {@code -prof gc} measures what both ends allocate together.
 */
@State(Scope.Benchmark)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PathBenchmark {
    static final int MIB_PER_CALL = 64;
    static final int ROUND_TRIPS_PER_CALL = 2_000;

    private static final int PIECE_BYTES = 64 * 1024;
    private static final int PING_BYTES = 32;

    /** The kind of path between the ends. */
    @Param({"RAW", "NOISE", "STREAM"})
    public PathKind path = PathKind.RAW;

    /** The I/O back end. */
    @Param("NIO")
    public Io io = Io.NIO;

    /** The implementation of the cipher. */
    @Param("STANDARD")
    public Crypto crypto = Crypto.STANDARD;

    /** Where the two event loops run. */
    @Param("FREE")
    public Placement placement = Placement.FREE;

    @SuppressWarnings("NullAway.Init") // set by open
    private Ends ends;

    /** The medians, which JMH's mean of the round trips does not show. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class RoundTrips {
        /** The sum of the medians of all calls, in nanoseconds. */
        public long medianNanos;

        /** The number of calls. */
        public long calls;
    }

    private final Sink sink = new Sink();
    private final Source source = new Source();
    private final Pinger pinger = new Pinger();
    private final Burst burst = new Burst();

    /** Opens the path. */
    @Setup
    public void open() throws Exception {
        ends = path.open(io, crypto.get());
        placement.place(ends.client().eventLoop(), ends.server().eventLoop());
        add(ends.server(), sink);
        add(ends.client(), source);
        source.channel = ends.client();
    }

    /** Closes the path. */
    @TearDown
    public void close() {
        ends.close();
    }

    private static void add(Channel channel, ChannelInboundHandlerAdapter handler) throws InterruptedException {
        channel.eventLoop().submit(() -> channel.pipeline().addLast(handler)).sync();
    }

    /** 64 MiB in writes of 64 KiB, each flushed, whenever the channel is writable, until the last byte has arrived. The unit is MiB. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(MIB_PER_CALL)
    public void bulk() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        ends.server().eventLoop().execute(() -> sink.expect((long) MIB_PER_CALL << 20, done));
        ends.client().eventLoop().execute(() -> source.send((long) MIB_PER_CALL << 20));
        await(done);
    }

    /** 32 bytes there and back, one after the other. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(ROUND_TRIPS_PER_CALL)
    public void roundTrip(RoundTrips counters) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        // waits, because a loop reads its sockets before it runs its tasks: the first bytes could overtake this task
        ends.server().eventLoop().submit(sink::echo).sync();
        ends.client().eventLoop().execute(() -> {
            if (ends.client().pipeline().get(Pinger.class) == null) {
                ends.client().pipeline().addLast(pinger);
            }
            pinger.start(ends.client(), done);
        });
        await(done);
        counters.medianNanos += pinger.medianNanos();
        counters.calls++;
    }

    /** 32 bytes there and back, 64 times at once; each end flushes once for everything that it has read. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(ROUND_TRIPS_PER_CALL)
    public void roundTrips64AtOnce() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        ends.server().eventLoop().submit(sink::echo).sync();
        ends.client().eventLoop().execute(() -> {
            if (ends.client().pipeline().get(Burst.class) == null) {
                ends.client().pipeline().addLast(burst);
            }
            burst.start(ends.client(), done);
        });
        await(done);
    }

    private static void await(CountDownLatch done) throws InterruptedException {
        if (!done.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nothing was received for a minute");
        }
    }

    /** Counts what it receives, or sends it back. */
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private long missing;
        private CountDownLatch done = new CountDownLatch(0);
        private boolean echoes;

        void expect(long bytes, CountDownLatch done) {
            echoes = false;
            missing += bytes;
            this.done = done;
            tellIfDone();
        }

        void echo() {
            echoes = true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (echoes) {
                ctx.write(message, ctx.voidPromise());
                return;
            }
            ByteBuf bytes = (ByteBuf) message;
            missing -= bytes.readableBytes();
            bytes.release();
            tellIfDone();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (echoes) {
                ctx.flush();
            }
        }

        private void tellIfDone() {
            if (missing == 0) {
                done.countDown();
            }
        }
    }

    /** Writes the same piece again and again while the channel is writable. */
    private static final class Source extends ChannelInboundHandlerAdapter {
        private final ByteBuf piece =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(PIECE_BYTES).writeZero(PIECE_BYTES));

        @SuppressWarnings("NullAway.Init") // set by open
        private Channel channel;

        private long left;

        void send(long bytes) {
            left = bytes;
            write();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write();
        }

        private void write() {
            ChannelPromise unwatched = channel.voidPromise();
            while (left > 0 && channel.isWritable()) {
                left -= PIECE_BYTES;
                channel.writeAndFlush(piece.retainedDuplicate(), unwatched);
            }
        }
    }

    /** Sends the next 32 bytes when the previous ones have come back. */
    private static final class Pinger extends ChannelInboundHandlerAdapter {
        private final ByteBuf ping =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(PING_BYTES).writeZero(PING_BYTES));
        private CountDownLatch done = new CountDownLatch(0);
        private final long[] nanos = new long[ROUND_TRIPS_PER_CALL];
        private long sentNanos;
        private int left;
        private int missing;

        void start(Channel channel, CountDownLatch done) {
            this.done = done;
            left = ROUND_TRIPS_PER_CALL;
            missing = PING_BYTES;
            sentNanos = System.nanoTime();
            channel.writeAndFlush(ping.retainedDuplicate(), channel.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            missing -= bytes.readableBytes();
            bytes.release();
            if (missing > 0) {
                return;
            }
            long now = System.nanoTime();
            nanos[--left] = now - sentNanos;
            if (left == 0) {
                done.countDown();
                return;
            }
            missing = PING_BYTES;
            sentNanos = now;
            ctx.writeAndFlush(ping.retainedDuplicate(), ctx.voidPromise());
        }

        /** The median of the last call, when it is done. */
        long medianNanos() {
            Arrays.sort(nanos);
            return nanos[nanos.length / 2];
        }
    }

    /** Keeps 64 messages of 32 bytes in flight. */
    private static final class Burst extends ChannelInboundHandlerAdapter {
        private final ByteBuf ping =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(PING_BYTES).writeZero(PING_BYTES));
        private CountDownLatch done = new CountDownLatch(0);
        private long receivedBytes;
        private int sent;
        private int left;

        void start(Channel channel, CountDownLatch done) {
            this.done = done;
            sent = 0;
            left = ROUND_TRIPS_PER_CALL;
            receivedBytes = 0;
            for (int i = 0; i < HostBenchmark.AT_ONCE; i++) {
                send(channel);
            }
            channel.flush();
        }

        private void send(Channel channel) {
            sent++;
            channel.write(ping.retainedDuplicate(), channel.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            receivedBytes += bytes.readableBytes();
            bytes.release();
            for (; receivedBytes >= PING_BYTES; receivedBytes -= PING_BYTES) {
                left--;
                if (sent < ROUND_TRIPS_PER_CALL) {
                    send(ctx.channel());
                }
            }
            if (left == 0) {
                done.countDown();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
