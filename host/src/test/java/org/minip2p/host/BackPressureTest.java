package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.Settings;

/** A writer waits if it writes more than the other end takes, or more than the line carries. */
class BackPressureTest {
    private static final ProtocolId BULK = new ProtocolId("/bulk/1.0.0");
    private static final int PIECE_BYTES = 65_536;

    /** Far less than the windows of all streams allow, but more than the water marks and a few frames. */
    private static final long MAX_PENDING_BYTES = 1 << 20;

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    /** If a stream fails, the bytes that the peer has read are the first ones that were written, without a gap. */
    // SEC-50
    @Test
    void aWriterThatIgnoresIsWritableLosesItsStreamAndThePeerReadsAPrefix() throws Exception {
        CompletableFuture<Channel> atListener = new CompletableFuture<>();
        Numbers numbers = new Numbers();
        Host listener = hosts.start(Host.builder().listen(LOOPBACK).handle(BULK, HALF_OPEN, stream -> {
            stream.pipeline().addLast(numbers);
            atListener.complete(stream.channel());
        }));
        Connection connection = await(hosts.dialer().dial(address(listener)));
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Channel writer = await(
                        connection.openStream(BULK, stream -> stream.pipeline().addLast(new Failures(told))))
                .channel();
        await(atListener);

        List<ChannelFuture> writes = new ArrayList<>();
        int next = 0;
        while (!told.isDone()) {
            ByteBuf piece = writer.alloc().directBuffer(PIECE_BYTES, PIECE_BYTES);
            while (piece.isWritable()) {
                piece.writeInt(next++);
            }
            writes.add(writer.writeAndFlush(piece));
            if (writes.size() == 8) {
                awaitTrue("some of it is read", () -> numbers.next.get() > 0);
            }
            if (writes.size() % 8 == 0) {
                writer.eventLoop().submit(() -> {}).sync(); // separate tasks, like those of a slow application
            }
        }

        Throwable cause = await(told);
        assertThat(cause).isInstanceOf(StreamQueueFullException.class);
        awaitTrue("all are done", () -> writes.stream().allMatch(ChannelFuture::isDone));
        long sent = count(writes, ChannelFuture::isSuccess);
        assertThat(writes.subList(0, (int) sent)).as("the first writes").allMatch(ChannelFuture::isSuccess);
        assertThat(writes.subList((int) sent, writes.size())).allMatch(write -> write.cause() == cause);
        assertThat(writes.size()).as("writes until the queue is full").isLessThan((16 << 20) / PIECE_BYTES);
        assertThat(writer.isOpen()).isFalse();
        awaitTrue("the peer is told", () -> numbers.failure != null);
        assertThat(numbers.failure).hasMessageContaining("resource limit exceeded");
        assertThat(numbers.next).hasPositiveValue();
        assertThat(numbers.holes).hasValue(0);
        await(connection.ping());
    }

    /** An encoder may write one message in many pieces, and may flush as often as it likes. */
    @Test
    void aTaskThatBeginsOnAWritableStreamMayWriteAsMuchAsItLikes() throws Exception {
        AtomicLong read = new AtomicLong();
        Host listener = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(BULK, HALF_OPEN, stream -> stream.pipeline().addLast(new Counter(read))));
        Connection connection = await(hosts.dialer().dial(address(listener)));
        Channel writer = await(connection.openStream(BULK, stream -> {})).channel();

        for (int message = 1; message <= 3; message++) {
            List<ChannelFuture> pieces = new ArrayList<>();
            writer.eventLoop()
                    .submit(() -> {
                        for (int i = 0; i < 128; i++) {
                            pieces.add(i % 2 == 0 ? writer.write(zeros(writer)) : writer.writeAndFlush(zeros(writer)));
                        }
                    })
                    .sync();
            assertThat(pieces).hasSize(128).noneMatch(piece -> piece.cause() != null);
            long expected = message * 128L * PIECE_BYTES;
            awaitTrue("all is read", () -> read.get() == expected && writer.isWritable());
        }
    }

    /** An application that writes too much may be in the middle of its own work. */
    @Test
    void anOverflowIsToldAfterTheTaskThatCausedIt() throws Exception {
        Host listener = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(BULK, HALF_OPEN, stream -> stream.channel().config().setAutoRead(false)));
        Connection connection = await(hosts.dialer().dial(address(listener)));
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Channel writer = await(
                        connection.openStream(BULK, stream -> stream.pipeline().addLast(new Failures(told))))
                .channel();
        writer.eventLoop()
                .submit(() -> writer.writeAndFlush(writer.alloc().buffer().writeZero(2 << 20)))
                .sync();
        writer.eventLoop().submit(() -> {}).sync();

        boolean toldWithin = writer.eventLoop()
                .submit(() -> {
                    ChannelFuture tooMuch = writer.writeAndFlush(zeros(writer));
                    assertThat(tooMuch.cause()).isInstanceOf(StreamQueueFullException.class);
                    return told.isDone();
                })
                .get();

        assertThat(toldWithin).isFalse();
        assertThat(await(told)).isInstanceOf(StreamQueueFullException.class);
    }

    /** The windows of so many streams allow much more than the sockets hold, so the writers wait for the connection. */
    // SEC-51
    @Test
    void bothSidesWriteAHundredMegabytesAtOnceOverASlowLine() throws Exception {
        int streams = 64;
        long perStream = 25L * PIECE_BYTES;
        List<Bulk> all = Collections.synchronizedList(new ArrayList<>());
        StreamHandler both = stream -> {
            Bulk bulk = new Bulk(perStream);
            all.add(bulk);
            stream.pipeline().addLast(bulk);
        };
        Host listener = hosts.start(Host.builder().listen(LOOPBACK).handle(BULK, HALF_OPEN, both));
        Settings slow = Settings.roundTrip(Duration.ofMillis(10))
                .withBytesPerSecond(60_000_000)
                .withQueueBytes(1 << 18);
        try (DelayingRelay relay = DelayingRelay.to(address(listener), slow)) {
            Connection connection = await(hosts.dialer().dial(relay.address(address(listener))));
            for (int i = 0; i < streams; i++) {
                connection.openStream(BULK, both);
            }

            awaitTrue("all are open", () -> all.size() == 2 * streams);
            for (Bulk each : List.copyOf(all)) {
                assertThat(each.done.get(60, TimeUnit.SECONDS)).isEqualTo(perStream);
                assertThat(each.mostPendingBytes)
                        .as("bytes that the connection accepted and its socket has not taken")
                        .isLessThan(MAX_PENDING_BYTES);
            }
        }
    }

    private static long count(List<ChannelFuture> writes, Predicate<ChannelFuture> condition) {
        return writes.stream().filter(condition).count();
    }

    private static ByteBuf zeros(Channel channel) {
        return channel.alloc().directBuffer(PIECE_BYTES, PIECE_BYTES).writeZero(PIECE_BYTES);
    }

    /** Reads one mebibyte of numbers, and counts those that do not follow the number before them. */
    private static final class Numbers extends ChannelInboundHandlerAdapter {
        private static final int STOPS_AT = 1 << 18;

        private final ByteBuf rest = Unpooled.buffer();
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger holes = new AtomicInteger();
        volatile @Nullable Throwable failure;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            rest.writeBytes(in);
            in.release();
            while (rest.readableBytes() >= Integer.BYTES) {
                if (rest.readInt() != next.getAndIncrement()) {
                    holes.incrementAndGet();
                }
            }
            rest.discardReadBytes();
            if (next.get() >= STOPS_AT) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure = cause;
        }
    }

    private static final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
        private final AtomicLong bytes;

        Counter(AtomicLong bytes) {
            this.bytes = bytes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            bytes.addAndGet(in.readableBytes());
        }
    }

    private static final class Failures extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Throwable> told;

        Failures(CompletableFuture<Throwable> told) {
            this.told = told;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!told.complete(cause)) {
                throw new AssertionError("told twice", cause);
            }
        }
    }

    /** Writes a number of bytes, no faster than the stream allows, and reads the same number. */
    private static final class Bulk extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<Long> done = new CompletableFuture<>();
        private final long total;
        private long written;
        private long read;

        /** The pending bytes of the whole connection, at their maximum. */
        private volatile long mostPendingBytes;

        Bulk(long total) {
            this.total = total;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor().execute(() -> write(ctx));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write(ctx);
        }

        private void write(ChannelHandlerContext ctx) {
            while (written < total && ctx.channel().isWritable()) {
                written += PIECE_BYTES;
                ctx.writeAndFlush(zeros(ctx.channel()));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            read += in.readableBytes();
            ChannelOutboundBuffer pending = ctx.channel().parent().unsafe().outboundBuffer();
            if (pending != null) {
                mostPendingBytes = Math.max(mostPendingBytes, pending.totalPendingWriteBytes());
            }
            if (read >= total) {
                done.complete(read);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
