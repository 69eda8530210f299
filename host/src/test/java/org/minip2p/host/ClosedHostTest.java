package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
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
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.testing.FreePort;
import org.slf4j.simple.CapturedLog;

/** Calls to a host that is closed or closing fail at once, and nothing listens after the end of a host. */
class ClosedHostTest {
    private static final HostConfig PATIENT = HostConfig.defaults()
            .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMinutes(10))
            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMinutes(10));

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {LOOPBACK, "/ip6/::1/tcp/0", "/dns4/localhost/tcp/0", "/ip4/127.0.0.1/udp/4001/quic-v1"})
    void listensNowhereAfterItsEnd(String address) {
        try (CapturedLog log = new CapturedLog(Host.class)) {
            Host host = hosts.listener();
            await(host.closeAsync());

            CompletableFuture<Void> listen = host.listen(Multiaddr.parse(address));

            assertThat(listen).as("done at once").isDone();
            assertThat(failure(listen)).isInstanceOf(HostClosedException.class);
            assertThat(host.addresses()).isEmpty();
            assertThat(log.lines()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    void remembersNoAddressThatItDialedInVain() {
        Host server = hosts.listener();
        Multiaddr dead = address(server);
        await(server.closeAsync());
        Host host = hosts.listener();
        assertThat(failure(host.dial(dead))).isInstanceOf(DialFailedException.class);
        assertThat(await(CompletableFuture.supplyAsync(() -> host.parts.dialer.resting(), host.protocolContext())))
                .isEqualTo(1);

        await(host.closeAsync());

        assertThat(host.parts.dialer.resting()).isZero();
        assertThat(host.parts.dialer.resting(server.peerId())).isZero();
    }

    @Test
    void dialsNobodyAfterItsEnd() {
        Host server = hosts.listener();
        Host host = hosts.listener();
        await(host.closeAsync());

        for (CompletableFuture<Connection> dial : List.of(
                host.dial(address(server)),
                host.dial(server.peerId(), List.of(address(server))),
                host.dial(address(server), DialOptions.when(DialCondition.ALWAYS)))) {
            assertThat(dial).as("done at once").isDone();
            assertThat(failure(dial)).isInstanceOf(HostClosedException.class);
        }
        assertThat(host.connections()).isEmpty();
        assertThat(host.connection(server.peerId())).isEmpty();
    }

    @Test
    void isNotAtAnyAddressAfterItsEnd() throws IOException {
        Host host = hosts.listener();
        int port = address(host).tcp().orElseThrow().port();

        CompletableFuture<Void> closing = host.closeAsync();

        assertThat(host.addresses()).as("the addresses of a closing host").isEmpty();
        await(closing);
        assertThat(host.addresses()).isEmpty();
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    /**
     * The calls may meet in any order: the host listens until it is closed, or the caller gets a failure. Either way,
     * nothing is left.
     */
    @Test
    void leavesNothingThatListensHoweverListenAndCloseMeet() throws Exception {
        try (CapturedLog log = new CapturedLog(Host.class)) {
            for (int round = 0; round < 30; round++) {
                Host host = await(Host.builder().eventLoops(1).start());
                List<CompletableFuture<Void>> listens = new ArrayList<>();
                List<Integer> ports = List.of(FreePort.find(), FreePort.find());
                for (int port : ports) {
                    listens.add(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port)));
                }
                if (round % 2 == 0) {
                    listens.get(0).handle((done, failure) -> null).join();
                }

                CompletableFuture<Void> closing = host.closeAsync();
                listens.add(host.listen(Multiaddr.parse(LOOPBACK)));
                listens.add(host.listen(Multiaddr.parse("/dns4/localhost/tcp/0")));
                await(closing);

                for (CompletableFuture<Void> listen : listens) {
                    assertThat(await(listen.handle(ClosedHostTest::outcome))).isIn("listens", "HostClosedException");
                }
                assertThat(await(listens.get(2).handle(ClosedHostTest::outcome)))
                        .isEqualTo("HostClosedException");
                assertThat(host.addresses()).isEmpty();
                for (int port : ports) {
                    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                            .isInstanceOf(IOException.class);
                }
            }
            assertThat(log.lines()).noneMatch(line -> line.contains("Exception"));
        }
    }

    /** Look-ups may take seconds. Neither their callers nor the close wait for them. */
    @Test
    void failsWhoWaitsForALookUpToListen() throws Exception {
        Host host = hosts.dialer();
        List<CompletableFuture<Void>> listens = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            listens.add(host.listen(Multiaddr.parse("/dns4/localhost/tcp/0")));
        }

        await(host.closeAsync());

        for (CompletableFuture<Void> listen : listens) {
            assertThat(await(listen.handle(ClosedHostTest::outcome))).isIn("listens", "HostClosedException");
        }
        assertThat(host.addresses()).isEmpty();
    }

    @Test
    void mayBeClosedAgain() {
        Host host = hosts.listener();

        host.close();
        host.close();

        assertThat(host.closeAsync()).isDone();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isClosedWhenTheGraceIsOver(boolean isClosing) {
        Host host = hosts.start(Host.builder().config(PATIENT));
        Connection busy = busyConnection(host);
        CompletableFuture<Void> before = isClosing ? host.closeAsync() : new CompletableFuture<>();

        CompletableFuture<Void> closed = host.closeAsync(Duration.ofMillis(300));

        assertThat(await(busy.closed()).reason()).isEqualTo(CloseCause.Reason.HOST_CLOSED);
        await(closed);
        assertThat(before.isDone()).isEqualTo(isClosing);
        assertThat(host.connections()).isEmpty();
        host.close(Duration.ofDays(1));
    }

    @Test
    void waitsForNothingWithoutGrace() {
        Host host = hosts.start(Host.builder().config(PATIENT));
        ChannelFuture unsent = unsent(busyConnection(host));

        host.close(Duration.ZERO);

        assertThat(unsent.cause()).isInstanceOf(SessionClosedException.class);
    }

    /** Streams get the whole grace to send, even if it is longer than the usual drain time-out. */
    @Test
    void sendsWithinTheGraceWhatWasWritten() throws Exception {
        CompletableFuture<ProtocolStream> atServer = new CompletableFuture<>();
        AtomicLong received = new AtomicLong();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(ECHO, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
                    received.addAndGet(in.readableBytes());
                }
            });
            atServer.complete(stream);
        }));
        Host host = hosts.start(
                Host.builder().config(HostConfig.defaults().with(HostConfig.DRAIN_TIMEOUT, Duration.ofMillis(1))));
        Connection connection = await(host.dial(address(server)));
        ProtocolStream stream = await(connection.openStream(ECHO, opened -> {}));
        stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));

        CompletableFuture<Void> closed = host.closeAsync(Hosts.PATIENCE);
        awaitTrue("it is closing", () -> !connection.isOpen());
        await(CompletableFuture.runAsync(() -> {}, connection.eventLoop()));
        await(atServer).channel().config().setAutoRead(true);

        await(closed);
        awaitTrue("all of it is there", () -> received.get() == 1 << 20);
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesAGraceThatIsNone() {
        Host host = hosts.dialer();

        for (Duration none : List.of(Duration.ofNanos(-1), Duration.ofDays(1).plusNanos(1))) {
            assertThatThrownBy(() -> host.close(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected a grace of zero to PT24H, but got " + none);
        }
        assertThatThrownBy(() -> host.close(null)).isInstanceOf(NullPointerException.class);
        assertThat(host.closeAsync(Duration.ZERO)).as("the host was still open").succeedsWithin(Hosts.PATIENCE);
    }

    /** A connection with bytes to send that its peer does not read. */
    private Connection busyConnection(Host host) {
        Connection connection = await(host.dial(address(hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, stream -> stream.channel().config().setAutoRead(false))))));
        unsent(connection);
        return connection;
    }

    private static ChannelFuture unsent(Connection connection) {
        ProtocolStream stream = await(connection.openStream(ECHO, opened -> {}));
        return stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
    }

    @Test
    void refusesToWaitForItselfOnAnEventLoop() {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        CompletableFuture<Host> self = new CompletableFuture<>();
        Host host = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, stream -> thrown.complete(failureOfClose(self.join()))));
        self.complete(host);

        await(await(hosts.dialer().dial(address(host))).openStream(ECHO, stream -> {}))
                .channel()
                .writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

        assertThat(await(thrown)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closeAsync");
    }

    @Test
    void refusesToWaitForItselfOnItsExecutors() {
        Host host = hosts.listener();
        EventExecutor peers = host.threads.peerExecutor();

        for (Executor executor :
                List.of(peers, host.applicationExecutor(), host.threads.resolver(), host.threads.verifier())) {
            CompletableFuture<Throwable> thrown = CompletableFuture.supplyAsync(() -> failureOfClose(host), executor);

            assertThat(await(thrown)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closeAsync");
        }
        // The executor may call closeAsync().
        CompletableFuture<Void> closed =
                CompletableFuture.supplyAsync(host::closeAsync, peers).thenCompose(closing -> closing);
        assertThat(closed).succeedsWithin(Hosts.PATIENCE);
    }

    @Test
    void waitsForAnotherHostOnAThreadOfItsOwn() throws Exception {
        Host one = hosts.listener();
        Host other = hosts.listener();

        await(CompletableFuture.runAsync(other::close, one.applicationExecutor()));

        awaitTrue("the other is closed", () -> other.addresses().isEmpty());
        assertThat(one.addresses()).isNotEmpty();
    }

    private static Throwable failureOfClose(Host host) {
        try {
            host.close();
            return new AssertionError("it was closed");
        } catch (IllegalStateException e) {
            assertThatThrownBy(() -> host.close(Duration.ZERO)).hasMessage(e.getMessage());
            return e;
        }
    }

    private static String outcome(Void done, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? "listens" : cause.getClass().getSimpleName();
    }
}
