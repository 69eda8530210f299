package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Thrown;
import org.minip2p.host.events.EventObserver;

/** Faults of the application affect nothing but the application. */
class IsolationTest {
    private static final ProtocolId SLOW = new ProtocolId("/slow/1.0.0");

    private final Hosts hosts = new Hosts();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void closeHosts() throws InterruptedException {
        release.countDown();
        hosts.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    // SEC-71, SEC-G17
    @Test
    void aListenerThatTakesItsTimeDelaysNoConnectionAndItsEventsKeepTheirOrder() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> last = new CompletableFuture<>();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener((host, event) -> {
                    awaitQuietly(release);
                    told.add(event.getClass().getSimpleName());
                    if (told.size() == 4) {
                        last.complete(null);
                    }
                }));
        Host client = hosts.dialer();
        for (int i = 0; i < 2; i++) {
            Connection connection = await(client.dial(address(server)));
            assertThat(HostTest.echo(connection, new byte[1000])).hasSize(1000);
            assertThat(await(connection.ping())).isLessThan(Duration.ofSeconds(5));
            await(connection.close());
            Hosts.awaitTrue("it is gone there, too", () -> server.connections().isEmpty());
        }
        assertThat(told).isEmpty();

        release.countDown();
        await(last);

        assertThat(told)
                .containsExactly(
                        "ConnectionEstablished", "ConnectionClosed", "ConnectionEstablished", "ConnectionClosed");
    }

    // SEC-71
    @Test
    @Conforms("CON-33")
    void aBlockingHandlerDelaysNoOtherStream() throws Exception {
        Host server = hosts.start(Host.builder()
                .eventLoops(1)
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .handle(SLOW, HALF_OPEN, BlockingStream.handler(threads, stream -> awaitQuietly(release))));
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));
        List<BlockingStream> unread = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            BlockingStream stream = BlockingStream.open(connection, SLOW);
            stream.outputStream().write(new byte[200_000]);
            unread.add(stream);
        }

        assertThat(HostTest.echo(connection, new byte[500_000])).hasSize(500_000);
        assertThat(HostTest.echo(await(hosts.dialer().dial(address(server))), new byte[500_000]))
                .hasSize(500_000);

        release.countDown();
        for (BlockingStream stream : unread) {
            stream.close();
        }
    }

    // SEC-72
    @Test
    void listenersAndObserversThatThrowChangeNothing() throws Exception {
        EventObserver throwing = event -> {
            throw new IllegalStateException("as the test wants it");
        };
        Hosts.Recorder after = new Hosts.Recorder();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener((host, event) -> throwing.onEvent(event)));
        server.protocolContext().observe(observer(throwing));
        server.addListener(after);

        for (int i = 0; i < 2; i++) {
            Connection connection = await(hosts.dialer().dial(address(server)));
            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            after.next(HostEvent.ConnectionEstablished.class);
            await(connection.close());
            after.next(HostEvent.ConnectionClosed.class);
        }
    }

    // SEC-72
    @Test
    void aGaterThatThrowsHasNotSaidYes() throws Exception {
        CompletableFuture<Boolean> afterwards = new CompletableFuture<>();
        ConnectionGater throwing = new ConnectionGater() {
            @Override
            public boolean mayDial(Multiaddr address) {
                throw new IllegalStateException("as the test wants it");
            }

            @Override
            public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
                if (!afterwards.isDone()) {
                    throw new IllegalStateException("as the test wants it");
                }
                return true;
            }
        };
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .gater(throwing));
        Host client = hosts.listener();

        assertThat(failure(server.dial(address(client))))
                .isInstanceOf(DialFailedException.class)
                .hasCauseInstanceOf(ConnectionDeniedException.class);
        assertThat(await(await(client.dial(address(server))).closed())).isNotNull();
        assertThat(server.connections()).isEmpty();

        afterwards.complete(true);
        assertThat(HostTest.echo(await(client.dial(address(server))), new byte[5]))
                .hasSize(5);
    }

    // SEC-H8
    @ParameterizedTest
    @ValueSource(classes = {NoClassDefFoundError.class, StackOverflowError.class, IOException.class, Exception.class})
    void whateverAListenerOrAnObserverThrowsNoCountIsWrongAfterwards(Class<? extends Throwable> thrown)
            throws Exception {
        AtomicInteger told = new AtomicInteger();
        EventObserver throwing = event -> {
            throw Thrown.undeclared(thrown);
        };
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_WAITING_EVENTS, 4))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener((host, event) -> {
                    told.incrementAndGet();
                    throwing.onEvent(event);
                }));
        server.protocolContext().observe(observer(throwing));
        Host client = hosts.listener();

        for (int i = 0; i < 12; i++) {
            Connection connection = await(client.dial(address(server)));
            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            await(connection.close());
        }

        Hosts.awaitTrue("each beginning and end is told", () -> told.get() == 24);
        Hosts.awaitTrue("and none of them waits", () -> isDialed(server, client));
    }

    // SEC-H8
    @ParameterizedTest
    @ValueSource(classes = {NoClassDefFoundError.class, StackOverflowError.class, IOException.class, Exception.class})
    void whateverAGaterThrowsItHasNotSaidYes(Class<? extends Throwable> thrown) throws Exception {
        CompletableFuture<Boolean> afterwards = new CompletableFuture<>();
        ConnectionGater throwing = new ConnectionGater() {
            private boolean answer() {
                if (!afterwards.isDone()) {
                    throw Thrown.undeclared(thrown);
                }
                return true;
            }

            @Override
            public boolean mayDial(Multiaddr address) {
                return answer();
            }

            @Override
            public boolean mayAccept(SocketAddress remoteAddress) {
                return answer();
            }

            @Override
            public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
                return answer();
            }
        };
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .gater(throwing));
        Host client = hosts.listener();

        assertThat(failure(server.dial(address(client))))
                .isInstanceOf(DialFailedException.class)
                .hasCauseInstanceOf(ConnectionDeniedException.class);
        assertThat(failure(client.dial(address(server)))).isInstanceOf(DialFailedException.class);
        Hosts.awaitTrue("no place is held", () -> Hosts.limits(server).total() == 0);

        afterwards.complete(true);
        assertThat(HostTest.echo(await(client.dial(address(server))), new byte[5]))
                .hasSize(5);
    }

    // SEC-H8
    @Test
    void anExecutorOfTheApplicationThatThrowsAnythingLosesItsEventsAndNoMore() throws Exception {
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_WAITING_EVENTS, 4))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener((host, event) -> {})
                .applicationExecutor(task -> {
                    throw new NoClassDefFoundError("as the test wants it");
                }));
        Host client = hosts.listener();

        for (int i = 0; i < 12; i++) {
            Connection connection = await(client.dial(address(server)));
            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            await(connection.close());
        }

        assertThat(HostTest.echo(
                        await(server.dial(address(client), DialOptions.when(DialCondition.ALWAYS))), new byte[5]))
                .hasSize(5);
    }

    /**
     * Whether a dial succeeds. The host tells an event before it counts it as told, so the first dial may still be
     * refused.
     */
    private static boolean isDialed(Host from, Host to) {
        return await(from.dial(address(to)).handle((connection, failure) -> failure == null));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static ProtocolContext.ConnectionObserver observer(EventObserver listener) {
        return new ProtocolContext.ConnectionObserver() {
            @Override
            public void established(Connection connection, int numEstablished) {
                listener.onEvent(new HostEvent.ConnectionEstablished(connection, numEstablished, numEstablished - 1));
            }

            @Override
            public void closed(Connection connection, int numEstablished, CloseCause cause) {
                listener.onEvent(new HostEvent.ConnectionClosed(connection, numEstablished, cause));
            }
        };
    }
}
