package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.Settings;
import org.minip2p.yamux.StreamQueueFullException;

/** Who writes more than the other end takes, or than the line carries, waits. */
class BackPressureTest {
    private static final ProtocolId BULK = new ProtocolId("/bulk/1.0.0");
    private static final int PIECE_BYTES = 65_536;
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int WINDOW_BYTES = 256 << 10;

    /** Far less than the windows of all streams allow, and more than water marks and a few frames. */
    private static final long MAX_PENDING_BYTES = 1 << 20;

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    // SEC-50
    @Test
    void aWriterThatIgnoresIsWritableWaitsThenFailsAndTheStreamLivesOn() throws Exception {
        CompletableFuture<Channel> atListener = new CompletableFuture<>();
        AtomicLong read = new AtomicLong();
        Host listener = hosts.start(Host.builder().listen(LOOPBACK).handle(BULK, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(new Counter(read));
            atListener.complete(stream.channel());
        }));
        Connection connection = await(hosts.dialer().dial(address(listener)));
        Channel writer = await(connection.openStream(BULK, stream -> {})).channel();
        await(atListener);

        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            writes.add(writer.writeAndFlush(zeros(writer)));
        }

        int refused = (64 * PIECE_BYTES - QUEUE_BYTES - WINDOW_BYTES) / PIECE_BYTES;
        awaitTrue("writes are refused", () -> count(writes, ChannelFuture::isDone) >= refused + 3);
        assertThat(writes.stream().filter(write -> write.cause() != null)).hasSizeBetween(refused - 1, refused + 1);
        assertThat(writes.stream().filter(write -> write.cause() != null))
                .allMatch(write -> write.cause() instanceof StreamQueueFullException);
        assertThat(count(writes, write -> !write.isDone()))
                .as("what waits is a full queue")
                .isBetween(QUEUE_BYTES / PIECE_BYTES - 1L, QUEUE_BYTES / PIECE_BYTES + 1L);
        assertThat(writer.isWritable()).isFalse();
        assertThat(read.get()).isZero();

        await(atListener).config().setAutoRead(true);

        awaitTrue("what waited has left", () -> writes.stream().allMatch(ChannelFuture::isDone));
        long taken = count(writes, ChannelFuture::isSuccess) * PIECE_BYTES;
        awaitTrue("and is read", () -> read.get() == taken);
        assertThat(writer.writeAndFlush(zeros(writer)).await().isSuccess()).isTrue();
    }

    /** On so many streams that the windows allow much more than the sockets between hold: writers wait for the connection. */
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
                        .as("what the connection has taken and its socket has not")
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

    /** Writes as much as it is to, not faster than it may, and reads as much. */
    private static final class Bulk extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<Long> done = new CompletableFuture<>();
        private final long total;
        private long written;
        private long read;

        /** Of the whole connection. */
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
