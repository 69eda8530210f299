package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.SessionClosedException;

/** When the application aborts a connection, the host no longer serves the peer, and it waits for nothing. */
class AbortTest {
    private static final ProtocolId SINK = new ProtocolId("/sink/1.0.0");

    /** These time-outs are longer than any test waits, so a test that has to wait for one of them fails. */
    private static final HostConfig PATIENT = HostConfig.defaults()
            .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMinutes(10))
            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMinutes(10));

    private Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void servesNothingMoreOnceItIsComplete(String io) throws Exception {
        hosts = new Hosts(io);
        Hosts.Recorder events = new Hosts.Recorder();
        AtomicLong served = new AtomicLong();
        Host server = sink(connection -> served.incrementAndGet(), events);
        Host client = hosts.dialer();
        Connection dialed = await(client.dial(address(server)));
        AtomicBoolean stopped = new AtomicBoolean();
        ProtocolStream stream = await(dialed.openStream(SINK, opened -> {}));
        sendUntil(stream, stopped);
        awaitTrue("it is served", () -> served.get() > 10);
        Connection banned = server.connections(client.peerId()).get(0);

        CloseCause cause = await(banned.abort());
        long before = served.get();

        assertThat(cause.reason()).isEqualTo(CloseCause.Reason.ABORTED);
        assertThat(cause.isClean()).isTrue();
        await(dialed.closed());
        stopped.set(true);
        assertThat(served).hasValue(before);
        awaitTrue("the stream has ended", () -> !stream.channel().isOpen());
        events.next(HostEvent.ConnectionEstablished.class);
        assertThat(events.next(HostEvent.ConnectionClosed.class).cause()).isSameAs(cause);
        assertThat(server.connections()).isEmpty();
    }

    /**
     * Bytes that arrive in the same read after the byte that causes the abort reach no handler, on this stream or on
     * another.
     */
    @Test
    void givesNoHandlerAnotherByteOnItsEventLoop() throws Exception {
        AtomicLong served = new AtomicLong();
        CompletableFuture<CompletableFuture<CloseCause>> isAborted = new CompletableFuture<>();
        Host server = sink(
                connection -> {
                    served.incrementAndGet();
                    isAborted.complete(connection.abort());
                },
                (host, event) -> {});
        Connection dialed = await(hosts.dialer().dial(address(server)));
        // Sends all five streams in one flight.
        await(CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 5; i++) {
                        var unused = dialed.openStream(
                                SINK, opened -> opened.channel().writeAndFlush(Unpooled.copyInt(1)));
                    }
                },
                dialed.eventLoop()));

        assertThat(await(await(isAborted)).reason()).isEqualTo(CloseCause.Reason.ABORTED);
        await(dialed.closed());
        assertThat(served).hasValue(1);
    }

    @Test
    void failsStreamsOpensAndPingsWithATypedCause() throws Exception {
        Host server = hosts.start(
                Host.builder().config(PATIENT).listen(LOOPBACK).handle(SINK, HALF_OPEN, AbortTest::readNothing));
        Host client = hosts.start(Host.builder().config(PATIENT.with(HostConfig.MAX_OUTBOUND_STREAMS, 1)));
        Connection connection = await(client.dial(address(server)));
        ProtocolStream stream = await(connection.openStream(SINK, opened -> {}));
        ChannelFuture unsent = stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
        CompletableFuture<ProtocolStream> waiting = connection.openStream(SINK, opened -> {});

        CompletableFuture<CloseCause> aborted = connection.abort();
        assertThat(connection.isOpen()).as("open right after the abort").isFalse();
        await(aborted);

        assertThat(unsent.await(10_000)).isTrue();
        assertThat(unsent.cause())
                .isInstanceOfSatisfying(
                        SessionClosedException.class,
                        closed -> assertThat(closed.code()).isEqualTo(SessionClosedException.ABORTED))
                .hasMessageContaining("aborted on this side");
        assertThat(failure(waiting)).isInstanceOf(SessionClosedException.class);
        assertThat(failure(connection.openStream(SINK, opened -> {}))).isInstanceOf(ConnectionClosedException.class);
        assertThat(failure(connection.ping())).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(connection::hold).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void cutsAnOrderlyCloseShort() {
        Host server = hosts.start(
                Host.builder().config(PATIENT).listen(LOOPBACK).handle(SINK, HALF_OPEN, AbortTest::readNothing));
        Connection connection =
                await(hosts.start(Host.builder().config(PATIENT)).dial(address(server)));
        ProtocolStream stream = await(connection.openStream(SINK, opened -> {}));
        stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
        CompletableFuture<CloseCause> closing = connection.close();
        await(CompletableFuture.runAsync(() -> {}, connection.eventLoop()));
        assertThat(closing).as("closing waits for the written bytes").isNotDone();

        assertThat(await(connection.abort()).reason()).isEqualTo(CloseCause.Reason.ABORTED);
        assertThat(await(closing).reason()).isEqualTo(CloseCause.Reason.ABORTED);
    }

    /**
     * The session is over, and the socket only reads and discards. A peer that does not end its side could make that
     * last.
     */
    @Test
    void cutsTheLingeringShort() throws Exception {
        Host server = hosts.start(
                Host.builder().config(PATIENT).listen(LOOPBACK).handle(SINK, HALF_OPEN, AbortTest::readNothing));
        try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
            Hosts.Recorder events = new Hosts.Recorder();
            Host client = hosts.start(Host.builder().config(PATIENT).listener(events));
            Connection connection = await(client.dial(relay.address(server)));
            events.next(HostEvent.ConnectionEstablished.class);
            relay.silence();
            CompletableFuture<CloseCause> closing = connection.close();
            events.next(HostEvent.ConnectionClosed.class);
            assertThat(closing).as("the socket lingers").isNotDone();

            assertThat(await(connection.abort()).reason()).isEqualTo(CloseCause.Reason.LOCAL);
        }
    }

    @Test
    void mayBeCalledAgainAndAfterTheEnd() {
        Host server = hosts.listener();
        Connection connection = await(hosts.dialer().dial(address(server)));

        CloseCause cause = await(connection.abort());

        assertThat(await(connection.abort())).isSameAs(cause);
        assertThat(await(connection.close())).isSameAs(cause);
        Connection closed = await(hosts.dialer().dial(address(server)));
        CloseCause local = await(closed.close());
        assertThat(await(closed.abort())).isSameAs(local);
    }

    @Test
    void canBeDialedAgain() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        await(await(client.dial(address(server))).abort());

        assertThat(HostTest.echo(await(client.dial(address(server))), new byte[4]))
                .hasSize(4);
    }

    private Host sink(Consumer<Connection> served, HostListener listener) {
        return hosts.start(Host.builder()
                .config(PATIENT)
                .listen(LOOPBACK)
                .listener(listener)
                .handle(SINK, HALF_OPEN, stream -> stream.pipeline().addLast(new Sink(stream.connection(), served))));
    }

    private static void readNothing(ProtocolStream stream) {
        stream.channel().config().setAutoRead(false);
    }

    private static void sendUntil(ProtocolStream stream, AtomicBoolean stopped) {
        if (!stopped.get() && stream.channel().isOpen()) {
            stream.channel()
                    .writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]))
                    .addListener(sent -> stream.channel().eventLoop().execute(() -> sendUntil(stream, stopped)));
        }
    }

    private static final class Sink extends SimpleChannelInboundHandler<ByteBuf> {
        private final Connection connection;
        private final Consumer<Connection> served;

        Sink(Connection connection, Consumer<Connection> served) {
            this.connection = connection;
            this.served = served;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            served.accept(connection);
        }
    }
}
