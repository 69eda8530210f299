package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;

/** Ping between two hosts. */
class PingTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private HostPair hosts;

    @BeforeEach
    void start() throws Exception {
        hosts = new HostPair();
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    @Test
    @Conforms({"PNG-1", "PNG-2", "PNG-5"})
    void measuresARoundTripInBothDirections() throws Exception {
        Ping there = Ping.install(hosts.dialer);
        Ping back = Ping.install(hosts.listener);
        Connection connection = hosts.connect();

        assertThat(get(there.ping(connection))).isPositive().isLessThan(LONG);
        assertThat(get(back.ping(hosts.listenersEnd()))).isPositive().isLessThan(LONG);
        assertThat(Ping.ID.value()).isEqualTo("/ipfs/ping/1.0.0");
    }

    @Test
    @Conforms({"PNG-6", "PNG-13"})
    void sendsManyPingsInOrderOnOneStream() throws Exception {
        OpenStreams streams = countOpenStreams();
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();
        List<Integer> order = new ArrayList<>();

        List<CompletableFuture<Void>> pings = IntStream.range(0, 100)
                .mapToObj(i -> ping.ping(connection).thenRun(() -> order.add(i)))
                .toList();
        for (CompletableFuture<Void> one : pings) {
            get(one);
        }

        assertThat(order).isSorted().hasSize(100);
        assertThat(streams.ever).hasValue(1);
    }

    /** The test pings over both connections to the same peer, in turns. */
    @Test
    @Conforms("PNG-13")
    void hasOneStreamPerPeerWhateverTheNumberOfConnections() throws Exception {
        OpenStreams streams = countOpenStreams();
        Ping ping = Ping.install(hosts.dialer);
        Connection one = hosts.connect();
        Connection other = hosts.connectAgain();
        assertThat(other.id()).isNotEqualTo(one.id());

        List<CompletableFuture<Duration>> pings = IntStream.range(0, 20)
                .mapToObj(i -> ping.ping(i % 2 == 0 ? one : other))
                .toList();
        for (CompletableFuture<Duration> each : pings) {
            get(each);
        }

        // If Ping kept one stream for each connection, there would have been only two streams.
        assertThat(streams.ever).hasValue(20);
    }

    /** js-libp2p ends its side right after the request. */
    @Test
    @Conforms("PNG-9")
    void answersWhenTheEndFollowsTheRequestAtOnce() throws Exception {
        Ping.install(hosts.listener);
        Connection connection = hosts.connect();
        byte[] request = new byte[32];
        request[31] = 7;

        RawStream raw = RawStream.open(connection, Ping.ID).send(request).end();

        assertThat(get(raw.received)).isEqualTo(request);
    }

    @Test
    @Conforms("PNG-10")
    void resetsAStreamThatEndsWithinARequest() throws Exception {
        Ping.install(hosts.listener);
        Connection connection = hosts.connect();

        RawStream raw = RawStream.open(connection, Ping.ID).send(new byte[31]).end();

        assertThat(Failures.of(raw.received)).isInstanceOf(IOException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test // SEC-62
    @Conforms("PNG-14")
    void acceptsTwoStreamsOfAPeerAndResetsTheThird() throws Exception {
        Ping.install(hosts.listener);
        Connection one = hosts.connect();
        Connection other = hosts.connectAgain();
        byte[] request = new byte[32];

        RawStream first = RawStream.open(one, Ping.ID).send(request);
        RawStream second = RawStream.open(other, Ping.ID).send(request);
        // Before the third stream is opened, the second one is answered, and the first one is answered and over.
        get(second.answered);
        first.end();
        assertThat(get(first.received)).isEqualTo(request);
        RawStream firstAgain = RawStream.open(one, Ping.ID).send(request);
        RawStream third = RawStream.open(one, Ping.ID).send(request);

        assertThat(Failures.of(third.received)).isInstanceOf(IOException.class);
        second.end();
        firstAgain.end();
        assertThat(get(second.received)).isEqualTo(request);
        assertThat(get(firstAgain.received)).isEqualTo(request);
    }

    @Test
    @Conforms("PNG-15")
    void givesUpOnAMutePeerAndResetsTheStream() throws Exception {
        RawStream mute = new RawStream();
        hosts.listener.handle(Ping.ID, HALF_OPEN, mute::attach);
        Ping ping = Ping.install(hosts.dialer, new PingTimes(Duration.ofSeconds(1), LONG, LONG));
        Connection connection = hosts.connect();

        Throwable failure = Failures.of(ping.ping(connection));

        assertThat(failure).isInstanceOf(ProtocolTimeoutException.class);
        assertThat(Failures.of(mute.received)).isInstanceOf(IOException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    /** Pings that wait behind another one time out, too. A later ping still works. */
    @Test
    @Conforms("PNG-15")
    void failsEveryPingInItsTime() throws Exception {
        AtomicBoolean answers = new AtomicBoolean();
        hosts.listener.handle(Ping.ID, HALF_OPEN, stream -> {
            if (answers.get()) {
                stream.pipeline().addLast(new PingResponder(LONG));
            }
        });
        Ping ping = Ping.install(hosts.dialer, new PingTimes(Duration.ofSeconds(2), LONG, LONG));
        Connection connection = hosts.connect();

        CompletableFuture<Duration> first = ping.ping(connection);
        CompletableFuture<Duration> second = ping.ping(connection);

        assertThat(Failures.of(first)).isInstanceOf(ProtocolTimeoutException.class);
        assertThat(Failures.of(second)).isInstanceOf(ProtocolTimeoutException.class);
        answers.set(true);
        assertThat(get(ping.ping(connection))).isPositive();
    }

    @Test
    @Conforms("PNG-16")
    void opensANewStreamWhenTheResponderHasEndedTheOldOne() throws Exception {
        OpenStreams streams = countOpenStreams(() -> new Answers(1, true));
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();

        for (int i = 0; i < 5; i++) {
            assertThat(get(ping.ping(connection))).isPositive();
        }

        assertThat(streams.ever).hasValue(5);
    }

    /** The responder ends the stream only when the next request arrives. */
    @Test
    @Conforms("PNG-16")
    void sendsAPingAgainThatMetTheEndOfAStream() throws Exception {
        OpenStreams streams = countOpenStreams(() -> new Answers(1, false));
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();

        for (int i = 0; i < 5; i++) {
            assertThat(get(ping.ping(connection))).isPositive();
        }

        assertThat(streams.ever).hasValue(5);
    }

    @Test
    @Conforms("PNG-4")
    void failsOnAWrongAnswerAndResetsTheStreamAlone() throws Exception {
        RawStream liar = new RawStream();
        hosts.listener.handle(Ping.ID, HALF_OPEN, liar::attach);
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();

        CompletableFuture<Duration> result = ping.ping(connection);
        liar.send(new byte[32]);

        assertThat(Failures.of(result)).isInstanceOf(PingFailedException.class);
        assertThat(Failures.of(liar.received)).isInstanceOf(IOException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("PNG-17")
    void reportsAPeerWithoutPingAsUnsupported() throws Exception {
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();

        assertThat(Failures.of(ping.ping(connection))).isInstanceOf(UnsupportedProtocolException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("PNG-8")
    void closesTheStreamAfterTheLastPing() throws Exception {
        OpenStreams streams = countOpenStreams();
        Ping ping = Ping.install(hosts.dialer, new PingTimes(LONG, Duration.ofMillis(50), LONG));
        Connection connection = hosts.connect();

        get(ping.ping(connection));

        eventually(() -> streams.open.get() == 0 ? true : null);
    }

    @Test
    @Conforms("PNG-3")
    void sendsBytesThatNobodyCanGuess() throws Exception {
        List<byte[]> requests = new CopyOnWriteArrayList<>();
        hosts.listener.handle(
                Ping.ID,
                HALF_OPEN,
                stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        requests.add(ByteBufUtil.getBytes((ByteBuf) message));
                        ctx.writeAndFlush(message);
                    }
                }));
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();
        for (int i = 0; i < 20; i++) {
            get(ping.ping(connection));
        }

        assertThat(requests).hasSize(20).doesNotHaveDuplicates();
        BitSet ever = new BitSet();
        BitSet always = new BitSet();
        always.set(0, 256);
        for (byte[] request : requests) {
            assertThat(request).hasSize(32);
            ever.or(BitSet.valueOf(request));
            always.and(BitSet.valueOf(request));
        }
        // One of 256 bits is the same in all 20 pings once in 2,000 runs. Three bits are the same once in 10^10 runs.
        assertThat(ever.cardinality()).isGreaterThanOrEqualTo(254);
        assertThat(always.cardinality()).isLessThanOrEqualTo(2);
    }

    @Test
    void failsWhenTheConnectionIsClosed() throws Exception {
        Ping.install(hosts.listener);
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();
        get(ping.ping(connection));

        get(connection.close());

        assertThat(Failures.of(ping.ping(connection))).isInstanceOf(IOException.class);
    }

    private OpenStreams countOpenStreams() {
        return countOpenStreams(() -> new PingResponder(LONG));
    }

    private OpenStreams countOpenStreams(Supplier<ChannelInboundHandlerAdapter> responder) {
        OpenStreams counts = new OpenStreams();
        hosts.listener.handle(Ping.ID, HALF_OPEN, stream -> counts.count(stream, responder.get()));
        return counts;
    }

    /** Counts the ping streams that the dialer has opened. */
    private static final class OpenStreams {
        final AtomicInteger ever = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();

        void count(ProtocolStream stream, ChannelInboundHandlerAdapter responder) {
            ever.incrementAndGet();
            open.incrementAndGet();
            stream.channel().closeFuture().addListener(closed -> open.decrementAndGet());
            stream.pipeline().addLast(responder);
        }
    }

    /**
     * Answers a few requests, then ends the stream: right after the last answer if it is eager, or else when the next
     * request arrives.
     */
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private final boolean isEager;
        private int left;

        Answers(int count, boolean isEager) {
            this.left = count;
            this.isEager = isEager;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (left > 0) {
                left--;
                ctx.writeAndFlush(message);
            } else {
                ((ByteBuf) message).release();
                ctx.close();
            }
            if (left == 0 && isEager) {
                ctx.close();
            }
        }
    }
}
