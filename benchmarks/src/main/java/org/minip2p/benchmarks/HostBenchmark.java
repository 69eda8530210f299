package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.HostConfig;
import org.minip2p.host.ProtocolStream;
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

/** Complete streams and connections between two hosts in this JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HostBenchmark {
    static final int STREAMS_PER_CALL = 2_000;
    static final int AT_ONCE = 64;
    static final int CONNECTIONS_PER_CALL = 50;
    static final int CONNECTIONS_AT_ONCE = 8;

    private static final int WAIT_SECONDS = 60;

    private static final ProtocolId ECHO = new ProtocolId("/bench/echo/1.0.0");
    private static final int MESSAGE_BYTES = 32;

    /** The I/O back end. */
    @Param("NIO")
    public Io io = Io.NIO;

    /** The implementation of the primitives. */
    @Param("STANDARD")
    public Crypto crypto = Crypto.STANDARD;

    /** Where the two event loops run. */
    @Param("FREE")
    public Placement placement = Placement.FREE;

    private final ByteBuf message =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES));

    @SuppressWarnings("NullAway.Init") // set by start
    private TwoHosts hosts;

    @SuppressWarnings("NullAway.Init") // set by start
    private Connection connection;

    /** Starts the hosts and connects them. */
    @Setup
    public void start() throws Exception {
        HostConfig config = HostConfig.defaults()
                .with(HostConfig.MAX_RESETS, Integer.MAX_VALUE) // no limit on resets
                .with(HostConfig.MAX_CONNECTIONS_PER_PEER, 2 * CONNECTIONS_AT_ONCE); // some are still closing
        hosts = TwoHosts.start(
                io,
                crypto.get(),
                config,
                server -> server.handle(
                        ECHO, HALF_OPEN, stream -> stream.pipeline().addLast(new Echo())));
        connection = hosts.connect();
        connection.ping().get(WAIT_SECONDS, TimeUnit.SECONDS); // before that, the server may not know the connection
        placement.place(
                connection.eventLoop(), hosts.server().connections().get(0).eventLoop());
    }

    /** Closes the hosts. */
    @TearDown
    public void stop() {
        hosts.close();
    }

    /** Streams one after the other: each is opened, negotiated, used for an echo of 32 bytes, and closed at both ends. */
    @Benchmark
    @OperationsPerInvocation(STREAMS_PER_CALL)
    public void streamAfterStream() throws InterruptedException {
        streams(1);
    }

    /** The same, 64 at once. */
    @Benchmark
    @OperationsPerInvocation(STREAMS_PER_CALL)
    public void streams64AtOnce() throws InterruptedException {
        streams(AT_ONCE);
    }

    private void streams(int atOnce) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(STREAMS_PER_CALL);
        connection.eventLoop().execute(() -> {
            StreamLoop loop = new StreamLoop(done);
            for (int i = 0; i < atOnce; i++) {
                loop.next();
            }
        });
        if (!done.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(done.getCount() + " streams did not end");
        }
    }

    /** Connections one after the other: each is dialed, ready on both sides, and closed. */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS_PER_CALL)
    public void connectionAfterConnection() throws Exception {
        for (int i = 0; i < CONNECTIONS_PER_CALL; i++) {
            oneConnection().get(WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The same, eight at once. */
    @Benchmark
    @OperationsPerInvocation(CONNECTIONS_PER_CALL)
    public void connections8AtOnce() throws Exception {
        Semaphore free = new Semaphore(CONNECTIONS_AT_ONCE);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS_PER_CALL; i++) {
            free.acquire();
            all.add(oneConnection().whenComplete((cause, failure) -> free.release()));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Opens and closes a connection. The answer to a ping shows that the other side is ready, too. */
    private CompletableFuture<CloseCause> oneConnection() {
        return hosts.client()
                .dial(hosts.address(), DialOptions.when(DialCondition.ALWAYS))
                .thenCompose(another -> another.ping().thenCompose(roundTrip -> another.close()));
    }

    /** Opens streams until enough have ended; each ends when its echo and the end of the stream have arrived. */
    private final class StreamLoop {
        private final CountDownLatch done;
        private int left = STREAMS_PER_CALL;

        StreamLoop(CountDownLatch done) {
            this.done = done;
        }

        void next() {
            if (left > 0) {
                left--;
                CompletableFuture<ProtocolStream> opened = connection.openStream(ECHO, this::start);
                opened.exceptionally(failure -> {
                    throw new IllegalStateException("no stream", failure);
                });
            }
        }

        private void start(ProtocolStream stream) {
            stream.pipeline().addLast(new Request(this));
        }

        void ended() {
            done.countDown();
            next();
        }
    }

    private final class Request extends ChannelInboundHandlerAdapter {
        private final StreamLoop loop;

        Request(StreamLoop loop) {
            this.loop = loop;
        }

        /** The stream is active already. */
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(message.retainedDuplicate(), ctx.voidPromise());
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ((ByteBuf) bytes).release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            loop.ended();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.writeAndFlush(bytes, ctx.voidPromise());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }
    }
}
