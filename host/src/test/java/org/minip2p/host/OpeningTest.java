package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.host.connections.ConnectionsInside;

/** How long opening a stream takes at most, and how the opener treats the end of the peer's side. */
class OpeningTest {
    private static final ProtocolId UNKNOWN = new ProtocolId("/unknown/1.0.0");
    private static final StreamOptions SOON = StreamOptions.defaults().withTimeout(Duration.ofMillis(100));
    private static final HostConfig ONE_STREAM = HostConfig.defaults().with(HostConfig.MAX_OUTBOUND_STREAMS, 1);

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void waitsForAPlaceNoLongerThanItsCallerSays() throws Exception {
        Connection connection = connect(ONE_STREAM);
        ProtocolStream first = await(connection.openStream(ECHO, stream -> {}));
        AtomicInteger opened = new AtomicInteger();

        CompletableFuture<ProtocolStream> late = connection.openStream(ECHO, SOON, stream -> opened.incrementAndGet());

        assertThat(failure(late)).isInstanceOfSatisfying(StreamOpenTimeoutException.class, timeout -> {
            assertThat(timeout.timeout()).isEqualTo(Duration.ofMillis(100));
            assertThat(timeout)
                    .hasMessage("no stream for [/echo/1.0.0] within 100 ms: waited for a free stream slot of the"
                            + " connection");
        });
        CompletableFuture<ProtocolStream> next = connection.openStream(ECHO, stream -> {});
        first.reset();
        await(next);
        assertThat(opened).as("streams that the late call opened").hasValue(0);
    }

    @Test
    void waitsNoLongerThanTheHostSaysUnlessItsCallerDoes() throws Exception {
        Connection connection = connect(ONE_STREAM.with(HostConfig.OPEN_TIMEOUT, Duration.ofMillis(100)));
        ProtocolStream first = await(connection.openStream(ECHO, stream -> {}));
        StreamOptions later = StreamOptions.defaults().withTimeout(Duration.ofMinutes(1));
        CompletableFuture<ProtocolStream> patient = connection.openStream(ECHO, later, stream -> {});

        assertThat(failure(connection.openStream(ECHO, stream -> {}))).isInstanceOf(StreamOpenTimeoutException.class);
        assertThat(patient).isNotDone();

        first.reset();
        await(patient);
    }

    @Test
    void givesItsPlaceUpWhenItIsCancelled() throws Exception {
        Connection connection = connect(ONE_STREAM);
        ProtocolStream first = await(connection.openStream(ECHO, stream -> {}));
        AtomicInteger opened = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            connection.openStream(ECHO, stream -> opened.incrementAndGet()).cancel(false);
        }

        first.reset();
        await(connection.openStream(ECHO, stream -> {}));
        assertThat(opened).hasValue(0);
    }

    /** The peer never answers. The host resets the stream, and its place is free again. */
    @Test
    void waitsForThePeersChoiceNoLongerThanItsCallerSays() throws Exception {
        Host server = hosts.listener();
        try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
            Host client = hosts.start(Host.builder().config(ONE_STREAM));
            Connection connection = await(client.dial(relay.address(server)));
            relay.silence();

            for (int i = 0; i < 3; i++) {
                assertThat(failure(connection.openStream(List.of(UNKNOWN, ECHO), SOON, stream -> {})))
                        .isInstanceOf(StreamOpenTimeoutException.class)
                        .hasMessageContaining("waited for the peer's choice");
            }
            awaitTrue(
                    "nothing is left", () -> ConnectionsInside.muxer(connection).openStreams() == 0);
        }
    }

    @Test
    void tellsAPeerThatDoesNotAnswerInThePipelineOfALazyStream() {
        Host server = hosts.listener();
        try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
            Host client = hosts.start(Host.builder()
                    .config(HostConfig.defaults().with(HostConfig.NEGOTIATION_TIMEOUT, Duration.ofMillis(100))));
            Connection connection = await(client.dial(relay.address(server)));
            relay.silence();
            End end = new End();

            await(connection.openStream(ECHO, stream -> stream.pipeline().addLast(end)));

            assertThat(await(end.failure))
                    .isInstanceOf(StreamOpenTimeoutException.class)
                    .hasMessage("no answer to [/echo/1.0.0] within 100 ms");
        }
    }

    @Test
    void isAnInterruptionToWhoBlocks() throws Exception {
        Connection connection = connect(ONE_STREAM);
        try (BlockingStream first = BlockingStream.open(connection, ECHO)) {
            assertThatThrownBy(() -> BlockingStream.open(connection, ECHO, Duration.ofMillis(100)))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(first.isClosed()).isFalse();
        }
    }

    /** The opener's handlers do not know about half-closure, like most handlers of Netty. */
    @ParameterizedTest
    @MethodSource("proposals")
    void closesWithThePeerWhereTheOpenerSaysSo(List<ProtocolId> proposals) throws Exception {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(ECHO, HALF_OPEN, stream -> {
            stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[3]));
            stream.channel().shutdownOutput();
        }));
        Connection connection = await(hosts.dialer().dial(address(server)));
        End closing = new End();
        End halfOpen = new End();

        await(connection.openStream(
                proposals,
                StreamOptions.defaults().withPeerEnd(CLOSE_WITH_PEER),
                stream -> stream.pipeline().addLast(closing)));
        ProtocolStream stays = await(
                connection.openStream(proposals, stream -> stream.pipeline().addLast(halfOpen)));

        awaitTrue("it is closed", () -> closing.events.contains("inactive"));
        assertThat(closing.events).containsExactly("3 bytes", "inactive");
        awaitTrue("the end is told", () -> halfOpen.events.contains("end"));
        assertThat(stays.channel().isActive()).isTrue();
    }

    static Stream<List<ProtocolId>> proposals() {
        return Stream.of(List.of(ECHO), List.of(UNKNOWN, ECHO));
    }

    /**
     * A refusal is not the end of the peer's side. The handlers learn of it, although the stream closes with its peer.
     */
    @Test
    void tellsARefusalOfAStreamThatClosesWithItsPeer() throws Exception {
        Connection connection = connect(HostConfig.defaults());
        End end = new End();

        await(connection.openStream(
                UNKNOWN,
                StreamOptions.defaults().withPeerEnd(CLOSE_WITH_PEER),
                stream -> stream.pipeline().addLast(end)));

        assertThat(await(end.failure)).isInstanceOf(UnsupportedProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.000000001S"})
    void refusesTimeOutsThatAreNone(Duration timeout) {
        assertThatThrownBy(() -> StreamOptions.defaults().withTimeout(timeout))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a time-out that is positive and not above PT24H, not " + timeout);
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesWhatIsNothing() {
        Connection connection = connect(HostConfig.defaults());

        assertThatThrownBy(() -> connection.openStream(List.of(), stream -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> connection.openStream(ECHO, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> connection.openStream(ECHO, null, stream -> {}))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> StreamOptions.defaults().withPeerEnd(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> StreamOptions.defaults().withTimeout(null)).isInstanceOf(NullPointerException.class);
        assertThat(ConnectionsInside.muxer(connection).openStreams()).isZero();
    }

    private Connection connect(HostConfig config) {
        return await(hosts.start(Host.builder().config(config)).dial(address(hosts.listener())));
    }

    private static final class End extends ChannelInboundHandlerAdapter {
        final List<String> events = new CopyOnWriteArrayList<>();
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            events.add(((io.netty.buffer.ByteBuf) message).readableBytes() + " bytes");
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add("end");
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.complete(cause);
            ctx.fireExceptionCaught(cause);
        }
    }
}
