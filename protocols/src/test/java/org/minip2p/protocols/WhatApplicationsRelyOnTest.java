package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;

/**
 * What applications must be able to rely on, and what other stacks have got wrong. The tests see a real host from
 * outside, over a socket.
 */
class WhatApplicationsRelyOnTest {
    private static final ProtocolId ID = new ProtocolId("/test/1");
    private static final String YAMUX = "/yamux/1.0.0";
    private static final int WINDOW = 262_144;
    private static final int MEBIBYTE = 1 << 20;

    private HostPair hosts;

    @BeforeEach
    void start() throws Exception {
        hosts = new HostPair();
    }

    /** Replaces the usual hosts by hosts with this configuration. */
    private void startWith(HostConfig config) throws Exception {
        hosts.close();
        hosts = new HostPair(config);
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    // What an application writes and reads

    @Test
    void deliversNothingThatWasNotAskedFor() throws Exception {
        CompletableFuture<ProtocolStream> arrived = new CompletableFuture<>();
        Counter counter = new Counter();
        hosts.listener.handle(ID, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(counter);
            arrived.complete(stream);
        });
        ProtocolStream stream = open(hosts.connect());
        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            writes.add(stream.channel().writeAndFlush(zeros(65_536)));
        }
        ProtocolStream reader = get(arrived);

        // The window has room for the first three pieces and a part of the fourth. Everything that it allows has
        // arrived when the third piece is written and a ping has returned.
        written(writes.get(2));
        get(stream.connection().ping());
        assertThat(counter.bytes).hasValue(0);
        assertThat(writes.get(9).isDone()).isFalse();

        reader.channel().read();
        eventually(() -> counter.bytes.get() > 0 ? true : null);
        get(stream.connection().ping());
        assertThat(counter.reads).as("buffers delivered for one read").hasValue(1);

        reader.channel().config().setAutoRead(true);
        eventually(() -> counter.bytes.get() == 10 * 65_536 ? true : null);
        written(writes.get(9));
    }

    @Test
    void resetsTheStreamOfAWriterThatNeverWaitsAndKeepsTheConnection() throws Exception {
        CompletableFuture<ProtocolStream> arrived = new CompletableFuture<>();
        hosts.listener.handle(ID, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            arrived.complete(stream);
        });
        ProtocolStream stream = open(hosts.connect());
        get(arrived);
        ChannelFuture write = stream.channel().writeAndFlush(zeros(65_536));
        for (int i = 0; i < 400 && stream.channel().isOpen(); i++) {
            write = stream.channel().writeAndFlush(zeros(65_536));
            stream.channel().eventLoop().submit(() -> {}).sync();
        }

        assertThat(refusal(write)).isInstanceOf(StreamQueueFullException.class);
        assertThat(stream.channel().isOpen()).isFalse();
        assertThat(refusal(stream.channel().writeAndFlush(zeros(1)))).isInstanceOf(StreamQueueFullException.class);
        get(stream.connection().ping());
    }

    @Test
    void carriesTwelveMebibytesWrittenInOneTurnWhileOtherStreamsGoOn() throws Exception {
        Counter counter = new Counter();
        hosts.listener.handle(ID, HALF_OPEN, stream -> stream.pipeline().addLast(counter));
        Ping.install(hosts.listener);
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();
        ProtocolStream stream = open(connection);

        ChannelFuture write = stream.channel().writeAndFlush(zeros(12 * MEBIBYTE));
        for (int i = 0; i < 5; i++) {
            assertThat(get(ping.ping(connection))).isPositive();
        }

        written(write);
        eventually(() -> counter.bytes.get() == 12 * MEBIBYTE ? true : null);
        assertThat(stream.channel().isActive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 262_113, 262_144, 262_145, 1 << 20, 5 << 20})
    @Conforms({"YMX-28", "YMX-29", "YMX-31"})
    void anAnswerAfterTheHalfCloseArrivesWholeAndEnds(int size) throws Exception {
        startWith(HostConfig.defaults().with(HostConfig.STREAM_SEND_QUEUE_BYTES, 8L * MEBIBYTE));
        byte[] answer = pattern(size);
        hosts.listener.handle(ID, HALF_OPEN, onEndOfInput(stream -> {
            stream.writeAndFlush(Unpooled.wrappedBuffer(answer));
            // close() right after the write must not lose any of it.
            stream.close();
        }));

        RawStream raw = RawStream.open(hosts.connect(), ID)
                .send("request".getBytes(StandardCharsets.UTF_8))
                .end();

        assertThat(Arrays.equals(get(raw.received), answer)).isTrue();
    }

    @Test
    void closingAfterAWriteLosesNothingOfIt() throws Exception {
        Counter counter = new Counter();
        hosts.listener.handle(ID, HALF_OPEN, stream -> stream.pipeline().addLast(counter));
        ProtocolStream stream = open(hosts.connect());

        ChannelFuture write = stream.channel().write(zeros(700_000));
        ChannelFuture close = stream.channel().close();

        written(write);
        written(close);
        eventually(() -> counter.ended.isDone() ? true : null);
        assertThat(counter.bytes).hasValue(700_000);
    }

    @Test
    void aWriteIsDoneWhenItIsWrittenAndNotBefore() throws Exception {
        CompletableFuture<ProtocolStream> arrived = new CompletableFuture<>();
        hosts.listener.handle(ID, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(new Counter());
            arrived.complete(stream);
        });
        ProtocolStream stream = open(hosts.connect());
        ChannelFuture fits = stream.channel().writeAndFlush(zeros(WINDOW - 100));
        ChannelFuture waits = stream.channel().writeAndFlush(zeros(200));
        written(fits);
        get(stream.connection().ping());
        assertThat(waits.isDone()).as("done without credit for its last byte").isFalse();

        get(arrived).channel().config().setAutoRead(true);

        written(waits);
    }

    @Test
    void cancellingOnePingSpoilsNoOther() throws Exception {
        Ping.install(hosts.listener);
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();

        for (int i = 0; i < 20; i++) {
            CompletableFuture<Duration> cancelled = ping.ping(connection);
            CompletableFuture<Duration> behind = ping.ping(connection);
            cancelled.cancel(false);
            assertThat(get(behind)).isPositive();
        }
        assertThat(get(ping.ping(connection))).isPositive();
    }

    // What peers send

    @Test
    @Conforms({"YMX-1", "YMX-2"})
    void agreesOnYamuxByItsNameAndSpeaksItsFrames() throws Exception {
        hosts.listen();
        try (RawPeer peer = new RawPeer(hosts.listener, YAMUX)) {
            peer.send(RawPeer.PING, RawPeer.SYN, 0, 0xcafe, new byte[0]);

            RawPeer.Frame pong = peer.await(frame -> frame.is(RawPeer.PING, RawPeer.ACK));
            assertThat(pong.length()).isEqualTo(0xcafe);
            assertThat(pong.id()).isZero();
        }
    }

    @Test
    @Conforms({"YMX-10", "YMX-25", "YMX-30"})
    void takesTheBytesOfAFrameThatAlsoEndsTheStreamAndAnyMixOfFlags() throws Exception {
        Ping.install(hosts.listener);
        hosts.listen();
        try (RawPeer peer = new RawPeer(hosts.listener, YAMUX)) {
            byte[] request = new byte[32];
            request[0] = 7;
            // SYN, all data and FIN in one frame.
            peer.send(RawPeer.DATA, RawPeer.SYN | RawPeer.FIN, 1, concat(proposal(Ping.ID), request));
            assertThat(answerOn(peer, 1)).endsWith(request);

            // FIN|ACK for a stream that the host opened.
            hosts.listener.connections().get(0).openStream(ID, stream -> {});
            RawPeer.Frame syn = peer.await(frame -> frame.flags() == RawPeer.SYN && frame.id() % 2 == 0);
            peer.send(RawPeer.DATA, RawPeer.FIN | RawPeer.ACK, syn.id(), new byte[0]);
            peer.send(RawPeer.PING, RawPeer.SYN, 0, 5, new byte[0]);
            peer.await(frame -> frame.is(RawPeer.PING, RawPeer.ACK) && frame.length() == 5);
        }
    }

    @Test
    @Conforms({"YMX-46", "YMX-70"})
    void refusesMoreThanTheWindowAndTellsThePeer() throws Exception {
        CompletableFuture<ProtocolStream> arrived = new CompletableFuture<>();
        Counter counter = new Counter();
        hosts.listener.handle(ID, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(counter);
            arrived.complete(stream);
        });
        hosts.listen();
        try (RawPeer peer = new RawPeer(hosts.listener, YAMUX)) {
            byte[] proposal = proposal(ID);
            peer.send(RawPeer.DATA, RawPeer.SYN, 1, proposal);
            get(arrived);
            Connection connection = hosts.listener.connections().get(0);
            // The host has read the proposal, but it does not return credit for it yet.
            peer.send(RawPeer.DATA, 0, 1, new byte[WINDOW - proposal.length]);
            peer.send(RawPeer.PING, RawPeer.SYN, 0, 1, new byte[0]);
            peer.await(frame -> frame.is(RawPeer.PING, RawPeer.ACK));
            peer.send(RawPeer.DATA, 0, 1, new byte[1]);

            RawPeer.Frame goAway = peer.await(frame -> frame.type() == RawPeer.GO_AWAY);
            assertThat(goAway.length()).isEqualTo(1);
            get(peer.closed);
            get(connection.closed());
            assertThat(counter.bytes).hasValue(0);
        }
    }

    @Test
    @Conforms({"YMX-66", "YMX-67"})
    void obeysGoAway() throws Exception {
        CompletableFuture<ProtocolStream> arrived = new CompletableFuture<>();
        RawStream open = new RawStream();
        hosts.listener.handle(ID, HALF_OPEN, stream -> {
            open.attach(stream);
            arrived.complete(stream);
        });
        hosts.listen();
        try (RawPeer peer = new RawPeer(hosts.listener, YAMUX)) {
            peer.send(RawPeer.DATA, RawPeer.SYN, 1, proposal(ID));
            get(arrived);
            Connection connection = hosts.listener.connections().get(0);
            peer.send(RawPeer.GO_AWAY, 0, 0, 0, new byte[0]);

            CloseCause cause = get(connection.closed());
            assertThat(cause).isNotNull();
            assertThat(Failures.of(open.received)).isInstanceOf(IOException.class);
            assertThat(Failures.of(connection.openStream(ID, stream -> {}))).isInstanceOf(IOException.class);
            get(peer.closed);
        }
    }

    @Test
    @Conforms({"YMX-72", "YMX-74"})
    void aFloodOfSynsIsCutDownAndTheRestDoesNotStayOpen() throws Exception { // SEC-37
        startWith(HostConfig.defaults().with(HostConfig.NEGOTIATION_TIMEOUT, Duration.ofMillis(300)));
        hosts.listen();
        try (RawPeer peer = new RawPeer(hosts.listener, YAMUX)) {
            peer.sendHeaders(syns(0, 300));
            for (int i = 0; i < 172; i++) {
                peer.await(frame -> (frame.flags() & RawPeer.RST) != 0);
            }

            // The host accepted 128 streams. They send nothing, so it resets them after the time-out.
            for (int i = 0; i < 128; i++) {
                peer.await(frame -> (frame.flags() & RawPeer.RST) != 0);
            }
            peer.send(RawPeer.PING, RawPeer.SYN, 0, 9, new byte[0]);
            peer.await(frame -> frame.is(RawPeer.PING, RawPeer.ACK));

            // A peer that continues the flood loses the connection.
            peer.sendHeaders(syns(300, 6_000));
            RawPeer.Frame goAway = peer.await(frame -> frame.type() == RawPeer.GO_AWAY);
            assertThat(goAway.length()).as("the code for a rate limit").isEqualTo(0x1002);
            get(peer.closed);
        }
    }

    private static List<ByteBuf> syns(int from, int to) {
        return LongStream.range(from, to)
                .mapToObj(i -> RawPeer.header(RawPeer.WINDOW_UPDATE, RawPeer.SYN, 1 + 2 * i, 0))
                .toList();
    }

    private static byte[] proposal(ProtocolId protocol) {
        return concat(line("/multistream/1.0.0"), line(protocol.value()));
    }

    private static byte[] line(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return concat(new byte[] {(byte) bytes.length}, bytes);
    }

    private static byte[] concat(byte[] one, byte[] two) {
        byte[] all = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, all, one.length, two.length);
        return all;
    }

    /** The bytes that the host sends on a stream until its FIN. */
    private static byte[] answerOn(RawPeer peer, long id) throws Exception {
        byte[] all = {};
        for (RawPeer.Frame frame : peer.awaitUntil(frame -> frame.id() == id && (frame.flags() & RawPeer.FIN) != 0)) {
            if (frame.id() == id) {
                all = concat(all, ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frame.body())));
            }
        }
        return all;
    }

    private static ProtocolStream open(Connection connection) throws Exception {
        return get(connection.openStream(ID, stream -> {}));
    }

    private static ByteBuf zeros(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8));
        }
        return bytes;
    }

    private static void written(ChannelFuture future) throws Exception {
        future.get(10, TimeUnit.SECONDS);
    }

    /** The reason why a write failed. */
    private static Throwable refusal(ChannelFuture write) throws Exception {
        assertThat(write.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(write.isSuccess()).isFalse();
        return write.cause();
    }

    private static StreamHandler onEndOfInput(Consumer<Channel> action) {
        return stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownEvent) {
                    action.accept(ctx.channel());
                }
            }
        });
    }

    /** Counts the delivered bytes and reads. */
    private static final class Counter extends ChannelInboundHandlerAdapter {
        final AtomicInteger bytes = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();
        final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            reads.incrementAndGet();
            bytes.addAndGet(in.readableBytes());
            in.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended.complete(null);
            }
        }
    }
}
