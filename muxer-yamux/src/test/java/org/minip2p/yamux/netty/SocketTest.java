package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxHeader;

/** Sessions over real sockets, each with its own event loop, and used from other threads. */
@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class SocketTest {
    private static final long SECONDS = 30;

    /** As many streams as a connection may have. */
    private static final int FLOOD_OF_STREAMS = 1000;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @AfterEach
    void stop() throws Exception {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void echoesManyStreamsWrittenFromManyThreads() throws Exception { // SEC-51
        Ends ends = connect(stream -> stream.pipeline().addLast(new Echo()));
        int perStream = 2 << 20;
        List<CompletableFuture<Long>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Counter counter = new Counter(perStream);
            YamuxStreamChannel stream =
                    get(ends.client.yamux.openStream(opened -> opened.pipeline().addLast(counter)));
            results.add(counter.done);
            CompletableFuture.runAsync(() -> writeAll(stream, perStream));
        }
        for (CompletableFuture<Long> result : results) {
            assertThat(result.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(perStream);
        }
        assertThat(get(ends.client.yamux.ping())).isPositive();
    }

    @Test
    void failsEverythingWhenTheConnectionIsKilled()
            throws Exception { // SEC-51: killed at any point, all futures complete
        Ends ends = connect(stream -> stream.config().setAutoRead(false));
        Future<YamuxStreamChannel> first = ends.client.yamux.openStream(stream -> {});
        List<Future<?>> futures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 300; i++) {
            Future<YamuxStreamChannel> open =
                    ends.client.yamux.openStream(stream -> futures.add(stream.writeAndFlush(End.bytes(400_000))));
            futures.add(open);
        }
        futures.add(ends.client.yamux.ping());
        get(first);
        ends.server.connection.close();

        ends.client.ended.get(SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Void> settled = new CompletableFuture<>();
        ends.client.connection.eventLoop().execute(() -> {
            assertThat(ends.client.yamux.openStreams()).isZero();
            settled.complete(null);
        });
        settled.get(SECONDS, TimeUnit.SECONDS);
        for (Future<?> future : List.copyOf(futures)) {
            assertThat(future.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Conforms({"YMX-64", "YMX-67"})
    void shutsDownFromAnotherThreadAndTellsBothOwners() throws Exception {
        Ends ends = connect(stream -> {});
        get(ends.client.yamux.openStream(stream -> {}));
        ends.client.yamux.shutdown(0, Duration.ofSeconds(5));

        assertThat(ends.client.ended.get(SECONDS, TimeUnit.SECONDS)).isEqualTo("null");
        assertThat(ends.server.ended.get(SECONDS, TimeUnit.SECONDS)).contains("code 0");
    }

    /** Writes of other threads count before the event loop handles them, since the event loop itself may be busy. */
    @Test
    void otherThreadsWriteNoMoreThanTheEventLoopIsGoodFor() throws Exception {
        Ends ends = connect(stream -> {});
        YamuxStreamChannel stream = get(ends.client.yamux.openStream(opened -> {}));
        int limit = (int) (4 * stream.local().maxQueuedBytes());
        CountDownLatch busy = new CountDownLatch(1);
        stream.eventLoop().execute(() -> {
            try {
                busy.await(SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ChannelFuture first = stream.writeAndFlush(End.bytes(limit - 32)); // a task costs 32 bytes
        ChannelFuture atTheLimit = stream.writeAndFlush(End.bytes(1));
        ByteBuf tooMuch = End.bytes(2);
        ChannelFuture refused = stream.write(tooMuch);
        assertThat(refused.cause())
                .isInstanceOf(StreamQueueFullException.class)
                .hasMessageContaining("a write of 2 bytes");
        assertThat(tooMuch.refCnt()).isZero();
        ChannelFuture later = stream.writeAndFlush(End.bytes(3));
        assertThat(later.cause()).isSameAs(refused.cause());
        assertThat(first.isDone()).isFalse();
        assertThat(atTheLimit.isDone()).isFalse();
        busy.countDown();

        assertThat(stream.closeFuture().await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(atTheLimit.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(stream.writeAndFlush(End.bytes(4)).await(SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(get(ends.client.yamux.ping())).isPositive();
    }

    /** Writes of other threads count only until the event loop has handled them. */
    @Test
    void otherThreadsWriteAnyAmountToAnEventLoopThatTakesIt() throws Exception {
        Ends ends = connect(stream -> {});
        YamuxStreamChannel stream = get(ends.client.yamux.openStream(opened -> {}));
        int piece = (int) stream.local().maxQueuedBytes() / 2;
        for (int i = 0; i < 10; i++) { // more than four times what the stream may queue
            get(stream.writeAndFlush(End.bytes(piece)));
        }

        assertThat(stream.isOpen()).isTrue();
    }

    @Test
    void streamsAreUsedAndEndedFromOtherThreads() throws Exception {
        CompletableFuture<YamuxStreamChannel> inbound = new CompletableFuture<>();
        Ends ends = connect(inbound::complete);
        YamuxStreamChannel stream = get(ends.client.yamux.openStream(opened -> {}));
        YamuxStreamChannel other = inbound.get(SECONDS, TimeUnit.SECONDS);
        get(stream.writeAndFlush(End.bytes(10)));
        get(stream.shutdownInput());
        assertThat(stream.isInputShutdown()).isTrue();
        get(stream.shutdownOutput());
        other.config().setAutoRead(false).setAutoRead(true);
        get(other.shutdown());
        assertThat(stream.closeFuture().await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(other.closeFuture().await(SECONDS, TimeUnit.SECONDS)).isTrue();

        YamuxStreamChannel second = get(ends.client.yamux.openStream(opened -> {}));
        second.reset(0);
        assertThat(second.closeFuture().await(SECONDS, TimeUnit.SECONDS)).isTrue();
        SessionClosedException aborted =
                new SessionClosedException(SessionClosedException.ABORTED, "by the test", null);
        ends.client.yamux.abort(aborted);
        assertThat(ends.client.ended.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(aborted.toString());
    }

    /**
     * SEC-32: the session stops reading from a peer that does not take its answers, even if the socket has auto-read.
     * It reads again when the peer takes them.
     */
    @Test
    void doesNotReadWhoTakesNoAnswers() throws Exception {
        Socket server = new Socket(Role.RESPONDER, stream -> {});
        try (Flood flood = Flood.to(listen(server))) {
            flood.assertThatAllAreAnswered();
            assertThat(server.ended).isNotDone();
        }
    }

    /**
     * SEC-32: a peer cannot fill the memory of a session that waits for its owner's decision to start. No data is lost.
     */
    @Test
    void readsLittleBeforeTheStart() throws Exception {
        Socket server = new Socket(Role.RESPONDER, stream -> {}, Start.LATER);
        try (Flood flood = Flood.to(listen(server))) {
            Channel channel = server.started.get(SECONDS, TimeUnit.SECONDS);
            assertThat(channel.config().isAutoRead()).isFalse();

            channel.eventLoop().execute(server.yamux::start);

            flood.assertThatAllAreAnswered();
            boolean readsAgain =
                    get(channel.eventLoop().submit(() -> channel.config().isAutoRead()));
            assertThat(readsAgain).isTrue();
        }
    }

    /** Only reading detects the end of a connection, so the first bytes must not stop it. */
    @Test
    void hearsOfTheEndBeforeTheStart() throws Exception {
        Socket server = new Socket(Role.RESPONDER, stream -> {}, Start.LATER);
        try (SocketChannel peer = SocketChannel.open(listen(server).localAddress())) {
            peer.write(pings(100));
        }

        assertThat(server.ended.get(SECONDS, TimeUnit.SECONDS)).contains("ended between frames");
    }

    /**
     * SEC-38: two connections share one event loop. One opens streams that take long to open. The other sends a ping
     * when the first stream has been opened.
     */
    @Test
    void answersAPingWhileAnotherConnectionOpensManyStreams() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        try (SocketChannel flooding = SocketChannel.open();
                SocketChannel pinging = SocketChannel.open()) {
            Consumer<YamuxStreamChannel> slowly = stream -> {
                if (opened.getAndIncrement() == 0) {
                    writeUnchecked(pinging, pings(1));
                }
                for (long end = System.nanoTime() + 100_000; System.nanoTime() < end; ) {
                    Thread.onSpinWait();
                }
            };
            MultiThreadIoEventLoopGroup one = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            try {
                Socket idle = new Socket(Role.RESPONDER, stream -> {});
                pinging.connect(listen(one, idle).localAddress());
                idle.started.get(SECONDS, TimeUnit.SECONDS);
                Socket slow = new Socket(Role.RESPONDER, slowly);
                flooding.connect(listen(one, slow).localAddress());

                flooding.write(opens(FLOOD_OF_STREAMS));
                pinging.socket().setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
                assertThat(pinging.socket().getInputStream().read()).isZero();

                assertThat(opened).hasValueLessThan(FLOOD_OF_STREAMS);
                get(slow.started.get(SECONDS, TimeUnit.SECONDS).close());
                slow.ended.get(SECONDS, TimeUnit.SECONDS);
            } finally {
                get(one.shutdownGracefully(0, 5, TimeUnit.SECONDS));
            }
        }
    }

    private static void writeUnchecked(SocketChannel peer, ByteBuffer bytes) {
        try {
            peer.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer opens(int count) {
        ByteBuffer opens = ByteBuffer.allocate(YamuxHeader.SIZE_BYTES * count);
        for (int i = 0; i < count; i++) {
            opens.putShort((short) 1)
                    .putShort((short) Flags.SYN)
                    .putInt(1 + 2 * i)
                    .putInt(0);
        }
        return opens.flip();
    }

    private static ByteBuffer pings(int count) {
        ByteBuffer pings = ByteBuffer.allocate(YamuxHeader.SIZE_BYTES * count);
        while (pings.hasRemaining()) {
            pings.putShort((short) 2).putShort((short) Flags.SYN).putInt(0).putInt(7);
        }
        return pings.flip();
    }

    /** A peer that has sent pings as long as the socket took them, and has read nothing. */
    private record Flood(SocketChannel peer, long bytes) implements AutoCloseable {
        /** The kernel's buffers of both ends, with a small margin. */
        private static final long MOST_BYTES = 64 << 20;

        static Flood to(Channel bound) throws Exception {
            ByteBuffer pings = pings(5_000);
            SocketChannel peer = SocketChannel.open();
            peer.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            peer.connect(bound.localAddress());
            peer.configureBlocking(false);
            long sent = 0;
            for (long last = System.nanoTime(); System.nanoTime() - last < TimeUnit.SECONDS.toNanos(1); ) {
                int count = peer.write(pings.hasRemaining() ? pings : pings.rewind());
                if (count > 0) {
                    sent += count;
                    last = System.nanoTime();
                }
                assertThat(sent).isLessThan(MOST_BYTES);
            }
            peer.configureBlocking(true);
            return new Flood(peer, sent);
        }

        void assertThatAllAreAnswered() throws Exception {
            peer.socket().setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
            long whole = bytes / YamuxHeader.SIZE_BYTES * YamuxHeader.SIZE_BYTES;
            assertThat(peer.socket().getInputStream().skip(whole)).isEqualTo(whole);
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Writes in pieces. Whenever the stream is not writable, waits for the last piece. */
    private static void writeAll(YamuxStreamChannel stream, int bytes) {
        try {
            ChannelFuture last = stream.newSucceededFuture();
            for (int written = 0; written < bytes; written += 4096) {
                last = stream.writeAndFlush(End.bytes(4096));
                if (!stream.isWritable()) {
                    get(last);
                }
            }
            get(last);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Channel listen(Socket server) throws Exception {
        return listen(group, server);
    }

    private static Channel listen(MultiThreadIoEventLoopGroup group, Socket server) throws Exception {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536))
                .childHandler(server)
                .bind(InetAddress.getLoopbackAddress(), 0);
        get(bound);
        return bound.channel();
    }

    private Ends connect(Consumer<YamuxStreamChannel> onInbound) throws Exception {
        Socket server = new Socket(Role.RESPONDER, onInbound);
        Socket client = new Socket(Role.INITIATOR, stream -> {});
        Channel bound = listen(server);
        ChannelFuture connected = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(client)
                .connect(bound.localAddress());
        get(connected);
        server.started.get(SECONDS, TimeUnit.SECONDS);
        client.started.get(SECONDS, TimeUnit.SECONDS);
        return new Ends(
                new Live(client.yamux, connected.channel(), client.ended),
                new Live(server.yamux, server.started.get(), server.ended));
    }

    private record Live(YamuxHandler yamux, Channel connection, CompletableFuture<String> ended) {}

    private record Ends(Live client, Live server) {}

    /** The time at which a session starts. */
    private enum Start {
        AT_ONCE,
        LATER
    }

    private static final class Socket extends ChannelInitializer<Channel> implements YamuxListener {
        private final Start start;
        private final YamuxHandler yamux;
        private final Consumer<YamuxStreamChannel> onInbound;
        private final CompletableFuture<Channel> started = new CompletableFuture<>();
        private final CompletableFuture<String> ended = new CompletableFuture<>();

        Socket(Role role, Consumer<YamuxStreamChannel> onInbound) {
            this(role, onInbound, Start.AT_ONCE);
        }

        Socket(Role role, Consumer<YamuxStreamChannel> onInbound, Start start) {
            this.start = start;
            this.yamux = new YamuxHandler(role, YamuxConfig.defaults(), this);
            this.onInbound = onInbound;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (start == Start.AT_ONCE) {
                channel.pipeline().addLast(yamux);
                yamux.start();
                started.complete(channel);
            } else {
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.executor()
                                .execute(() -> addToReading(ctx)); // the socket is reading already, like a secured one
                    }
                });
            }
        }

        private void addToReading(ChannelHandlerContext ctx) {
            ctx.pipeline().replace(ctx.handler(), null, yamux);
            started.complete(ctx.channel());
        }

        @Override
        public void inboundStream(YamuxStreamChannel stream) {
            onInbound.accept(stream);
        }

        @Override
        public void streamCountChanged(int open) {
            assertThat(open).isNotNegative();
        }

        @Override
        public void sessionEnded(@Nullable Throwable cause) {
            assertThat(ended.complete(String.valueOf(cause))).as("only once").isTrue();
        }
    }

    /** Sends back all input, and stops reading while the output cannot be sent. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
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
    }

    /** Counts the received bytes up to a number. */
    private static final class Counter extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private final AtomicLong bytes = new AtomicLong();
        private final long expected;

        Counter(long expected) {
            this.expected = expected;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            if (bytes.addAndGet(in.readableBytes()) >= expected) {
                done.complete(bytes.get());
            }
            in.release();
        }
    }
}
