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

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.slf4j.simple.CapturedLog;

/** What is asked of a host that is closed or closing fails at once, and nothing listens after it. */
class ClosedHostTest {
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

            assertThat(listen).as("at once").isDone();
            assertThat(failure(listen)).isInstanceOf(HostClosedException.class);
            assertThat(host.addresses()).isEmpty();
            assertThat(log.lines()).noneMatch(line -> line.contains("Exception"));
        }
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
            assertThat(dial).as("at once").isDone();
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

        assertThat(host.addresses()).as("already while it closes").isEmpty();
        await(closing);
        assertThat(host.addresses()).isEmpty();
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    /** Whoever comes first: either it listens until it is closed, or the caller is told; nothing is left in either case. */
    @Test
    void leavesNothingThatListensHoweverListenAndCloseMeet() throws Exception {
        try (CapturedLog log = new CapturedLog(Host.class)) {
            for (int round = 0; round < 100; round++) {
                Host host = await(Host.builder().eventLoops(1).start());
                List<CompletableFuture<Void>> listens = new ArrayList<>();
                List<Integer> ports = List.of(freePort(), freePort());
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

    /** A look-up goes on for seconds: neither its caller nor the close waits for it. */
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
                .writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(new byte[1]));

        assertThat(await(thrown)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closeAsync");
    }

    @Test
    void refusesToWaitForItselfOnItsExecutors() {
        Host host = hosts.listener();
        EventExecutor peers = host.peerExecutor();

        for (Executor executor :
                List.of(peers, host.applicationExecutor(), host.threads.resolver(), host.threads.verifier())) {
            CompletableFuture<Throwable> thrown = CompletableFuture.supplyAsync(() -> failureOfClose(host), executor);

            assertThat(await(thrown)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closeAsync");
        }
        // That may be called there.
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
            return e;
        }
    }

    private static String outcome(Void done, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? "listens" : cause.getClass().getSimpleName();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
