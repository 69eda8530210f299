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

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.transport.IoBackend;
import org.slf4j.simple.CapturedLog;

/** Hosts on event loops and executors that belong to the application. */
class SharedLoopsTest {
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private final List<Host> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(host -> await(host.closeAsync()));
        groups.forEach(group ->
                group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(Hosts.PATIENCE.toMillis()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void serveTwoHostsAndOutliveBoth(String io) throws Exception {
        IoBackend.unavailability(io).ifPresent(reason -> Assumptions.abort("no " + io + " here: " + reason));
        IoBackend backend = IoBackend.named(io);
        EventLoopGroup group = group(backend, 2);
        Host server = start(Host.builder().eventLoopGroup(group, backend));
        Host client = start(Host.builder().eventLoopGroup(group, backend));
        Connection connection = await(client.dial(address(server)));
        assertThat(HostTest.echo(connection, new byte[1000])).hasSize(1000);

        client.close();
        awaitTrue("the other side knows", () -> server.connections().isEmpty());

        Host again = start(Host.builder().eventLoopGroup(group, backend));
        assertThat(HostTest.echo(await(again.dial(address(server))), new byte[10]))
                .hasSize(10);
        again.close();
        server.close();
        assertThat(group.isShuttingDown()).isFalse();
        for (EventExecutor loop : group) {
            assertThat(loop.submit(() -> 7).get()).isEqualTo(7);
        }
    }

    /** No open socket outlives the host, not even one that the host has only accepted. */
    @Test
    void keepNoSocketOfAHostThatIsClosed() throws Exception {
        EventLoopGroup group = group(IoBackend.nio(), 1);
        Host host = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));
        int port = address(host).tcp().orElseThrow().port();
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
            awaitTrue("it is accepted", () -> Hosts.limits(host).pending() == 1);

            host.close();

            silent.setSoTimeout((int) Hosts.PATIENCE.toMillis());
            assertThat(silent.getInputStream().readNBytes(1000)).hasSizeLessThan(1000);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    /** Tasks that reach the loops after the end of the host find nothing to do, and the log has no error. */
    @Test
    void runNothingOfAHostAfterItsEnd() throws Exception {
        EventLoopGroup group = group(IoBackend.nio(), 2);
        try (CapturedLog log = new CapturedLog(Host.class)) {
            for (int round = 0; round < 20; round++) {
                Host server = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));
                Host client = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));
                Connection connection = await(client.dial(address(server)));
                ProtocolStream stream = await(connection.openStream(ECHO, opened -> {}));
                stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
                if (round % 2 == 0) {
                    server.close(Duration.ZERO);
                } else {
                    server.close();
                }
                client.close(Duration.ZERO);
            }
            for (EventExecutor loop : group) {
                loop.submit(() -> {}).get();
            }
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.contains("Rejected"));
        }
    }

    /** Each call fails with a typed error or has succeeded, and nothing waits forever. */
    @Test
    void closeTheHostWhenSomebodyShutsThemDown() throws Exception {
        EventLoopGroup group = group(IoBackend.nio(), 2);
        Host other = start(Host.builder());
        Host host = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));
        Hosts.Recorder events = new Hosts.Recorder();
        host.addListener(events);
        Connection connection = await(host.dial(address(other)));
        ProtocolStream stream = await(connection.openStream(ECHO, opened -> {}));
        ChannelFuture unsent = stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[10 << 20]));
        BlockingStream blocking = BlockingStream.open(connection, ECHO);
        events.next(HostEvent.ConnectionEstablished.class);

        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(Hosts.PATIENCE.toMillis());

        assertThat(await(connection.closed()).isClean()).isFalse();
        events.next(HostEvent.ConnectionClosed.class);
        assertThat(unsent.await(Hosts.PATIENCE.toMillis())).isTrue();
        assertThat(unsent.isSuccess()).isFalse();
        assertThatThrownBy(() -> blocking.inputStream().read()).isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> {
                    blocking.outputStream().write(new byte[10]);
                    blocking.closeOutput();
                })
                .isInstanceOf(java.io.IOException.class);
        assertThat(failure(connection.openStream(ECHO, opened -> {}))).isInstanceOf(ConnectionClosedException.class);
        assertThat(failure(connection.ping())).isInstanceOf(org.minip2p.core.Libp2pException.class);
        assertThat(await(connection.close())).isSameAs(await(connection.abort()));
        await(host.closeAsync());
        assertThat(failure(host.dial(address(other)))).isInstanceOf(HostClosedException.class);
        assertThat(failure(host.listen(Multiaddr.parse(LOOPBACK)))).isInstanceOf(HostClosedException.class);
        assertThat(host.addresses()).isEmpty();
        assertThat(host.connections()).isEmpty();
    }

    /** Dials and listens while the loops end, and between the end of the loops and the end of the host. */
    @Test
    void failDialsAndListensWhileTheyAreShutDown() {
        for (int round = 0; round < 10; round++) {
            EventLoopGroup group = group(IoBackend.nio(), 2);
            Host other = start(Host.builder());
            Host host = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));
            List<CompletableFuture<?>> asked = new ArrayList<>();

            group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            while (!group.isTerminated()) {
                if (asked.size() < 50) {
                    asked.add(host.dial(address(other), DialOptions.when(DialCondition.ALWAYS)));
                    asked.add(host.listen(Multiaddr.parse(LOOPBACK)));
                }
                Thread.onSpinWait();
            }
            asked.add(host.dial(address(other)));
            asked.add(host.listen(Multiaddr.parse(LOOPBACK)));

            for (CompletableFuture<?> each : asked) {
                Throwable failure = await(each.handle((done, thrown) -> thrown));
                Throwable cause =
                        failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
                if (cause != null) {
                    assertThat(cause).isInstanceOf(org.minip2p.core.Libp2pException.class);
                }
            }
            await(host.closeAsync());
        }
    }

    @Test
    void areRefusedWhenTheyDoNotRunOrDriveOtherSockets() {
        EventLoopGroup ended = group(IoBackend.nio(), 1);
        ended.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(Hosts.PATIENCE.toMillis());

        assertThat(failure(Host.builder().eventLoopGroup(ended, IoBackend.nio()).start()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("they are shut down");
        IoBackend.unavailability("epoll").ifPresent(reason -> Assumptions.abort("no epoll here: " + reason));
        EventLoopGroup nio = group(IoBackend.nio(), 1);
        assertThat(failure(Host.builder().eventLoopGroup(nio, IoBackend.epoll()).start()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected event loops that drive sockets of epoll");
    }

    @Test
    void refuseToWaitForAHostThatNeedsThem() {
        EventLoopGroup group = group(IoBackend.nio(), 3);
        ExecutorService application = Executors.newSingleThreadExecutor(new DefaultThreadFactory("test-app", true));
        Host host = start(Host.builder().eventLoopGroup(group, IoBackend.nio()).applicationExecutor(application));
        Host other = start(Host.builder().eventLoopGroup(group, IoBackend.nio()));

        for (EventExecutor loop : group) {
            for (Host each : List.of(host, other)) {
                assertThat(await(CompletableFuture.supplyAsync(() -> failureOfClose(each), loop)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closeAsync");
            }
        }
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        host.addListener((itself, event) -> told.complete(failureOfClose(itself)));
        await(other.dial(address(host)));
        assertThat(await(told)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closeAsync");

        // This is not a task of the host, because the executor belongs to the application.
        await(CompletableFuture.runAsync(host::close, application));
        assertThat(application.isShutdown()).isFalse();
        application.shutdown();
    }

    @Test
    void giveWayToOwnOnesAndTakeTheirPlace() {
        EventLoopGroup group = group(IoBackend.nio(), 1);
        HostBuilder own = Host.builder()
                .eventLoopGroup(group, IoBackend.nio())
                .ioBackend(IoBackend.nio())
                .listen(LOOPBACK);
        HostBuilder shared = Host.builder()
                .eventLoops(3)
                .eventLoopGroup(group, IoBackend.nio())
                .listen(LOOPBACK);

        assertThat(threadOf(own)).startsWith("minip2p-io");
        assertThat(threadOf(shared)).startsWith("test-io");
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void areNotNull() {
        EventLoopGroup group = group(IoBackend.nio(), 1);

        assertThatThrownBy(() -> Host.builder().eventLoopGroup(null, IoBackend.nio()))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().eventLoopGroup(group, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().applicationExecutor(null)).isInstanceOf(NullPointerException.class);
    }

    private String threadOf(HostBuilder builder) {
        Host host = await(builder.start());
        started.add(host);
        Connection connection = await(start(Host.builder()).dial(address(host)));
        await(connection.ping());
        return await(CompletableFuture.supplyAsync(
                () -> Thread.currentThread().getName(),
                host.connections().get(0).eventLoop()));
    }

    private EventLoopGroup group(IoBackend backend, int threads) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("test-io", true), backend.handlerFactory());
        groups.add(group);
        return group;
    }

    private Host start(HostBuilder builder) {
        Host host = await(
                builder.listen(LOOPBACK).handle(ECHO, HALF_OPEN, Hosts::echo).start());
        started.add(host);
        return host;
    }

    private static Throwable failureOfClose(Host host) {
        try {
            host.close();
            return new AssertionError("it was closed");
        } catch (IllegalStateException e) {
            return e;
        }
    }
}
