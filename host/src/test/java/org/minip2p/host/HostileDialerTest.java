package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.PATIENCE;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.limits;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.IncomingConnectionFailed;
import org.minip2p.host.Hosts.Recorder;

/** Dialers that want more than their share. */
class HostileDialerTest {
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    // SEC-2
    @Test
    @Conforms("CON-14")
    void refusesTheThirdSocketOfOneAddressAndTakesThatOfAnother() throws Exception {
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_CONNECTIONS_PER_IP, 2))
                .eventLoops(1)
                .listen(LOOPBACK)
                .listener(recorder)
                .on(new HostEnvironment().addressKey(remote -> ((InetSocketAddress) remote).getAddress())));
        try (Socket first = connect(server, "127.0.0.1");
                Socket second = connect(server, "127.0.0.1");
                Socket third = connect(server, "127.0.0.1");
                Socket other = connect(server, "127.0.0.2")) {
            assertThat(third.getInputStream().read()).isEqualTo(-1);
            assertThat(recorder.next(IncomingConnectionFailed.class).error())
                    .isInstanceOf(ConnectionDeniedException.class);
            awaitTrue("three are there", () -> limits(server).total() == 3);

            first.shutdownOutput();
            awaitTrue("a place is free", () -> limits(server).total() == 2);
            try (Socket again = connect(server, "127.0.0.1")) {
                awaitTrue("it is taken again", () -> limits(server).total() == 3);
                assertThat(again.isConnected() && second.isConnected() && other.isConnected())
                        .isTrue();
            }
        }
    }

    // H4
    @Test
    void silentSocketsKeepNeitherNewcomersOutNorTheHostFromDialing() throws Exception {
        Host server = hosts.listener();
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                silent.add(connect(server, "127.0.0.1"));
            }
            awaitTrue("they hold all places", () -> limits(server).pending() == 64);
            for (int i = 0; i < 10; i++) {
                Connection newcomer = await(hosts.dialer().dial(address(server)));
                assertThat(HostTest.echo(newcomer, new byte[100])).hasSize(100);
            }
            Connection own = await(server.dial(address(hosts.listener())));
            assertThat(own.isOpen()).isTrue();
            assertThat(limits(server).pending()).isLessThanOrEqualTo(64);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        awaitTrue("their places are back", () -> limits(server).pending() == 0);
    }

    // SEC-4
    @Test
    void checksFewSlowProofsAtOnceAndServesOthersMeanwhile() throws Exception {
        int most = 4;
        Host server = hosts.listener(HostConfig.defaults().with(HostConfig.MAX_VERIFICATIONS, most));
        Connection before = await(hosts.dialer().dial(address(server)));
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(most);
        for (int i = 0; i < most; i++) {
            server.threads.verifier().execute(() -> {
                running.countDown();
                awaitQuietly(slow);
            });
        }
        running.await();

        List<Connection> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Host attacker = hosts.start(
                    Host.builder().identity(PrivateKey.generate(i % 2 == 0 ? KeyType.ECDSA : KeyType.SECP256K1)));
            waiting.add(await(attacker.dial(address(server))));
        }
        awaitTrue("their proofs wait", () -> limits(server).pending() == 8);

        assertThat(HostTest.echo(before, new byte[10_000])).hasSize(10_000);
        assertThat(HostTest.echo(await(hosts.dialer().dial(address(server))), new byte[5]))
                .hasSize(5);
        assertThat(server.connections()).hasSize(2);

        slow.countDown();
        for (Connection connection : waiting) {
            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
        }
        assertThat(server.connections()).hasSize(10);
    }

    // SEC-5
    @Test
    @Conforms("CON-14")
    void keepsTwoConnectionsOfOnePeerHoweverManyItMakes() throws Exception {
        Host server = hosts.listener();
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            // Each from a process of its own, as it were: none knows of the others.
            all.add(await(hosts.start(Host.builder().identity(key)).dial(address(server))));
        }

        awaitTrue("two are left", () -> all.stream().filter(Connection::isOpen).count() == 2);
        assertThat(server.connections(org.minip2p.core.PeerId.of(key.publicKey())))
                .hasSize(2);
        for (Connection connection : all) {
            if (connection.isOpen()) {
                assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            }
        }
    }

    // SEC-1
    @Test
    @Conforms({"CON-13", "CON-14"})
    void survivesThousandsOfSocketsAndStreamsWithLittleMemory() throws Exception {
        try (SmallProcess small = new SmallProcess()) {
            Connection legit = await(hosts.dialer().dial(small.address()));
            assertThat(HostTest.echo(legit, new byte[100_000])).hasSize(100_000);

            assertThat(SmallProcess.flood(small.address(), 10_000))
                    .as("most were closed at once")
                    .isGreaterThan(9_000);
            assertThat(HostTest.echo(legit, new byte[100_000])).hasSize(100_000);

            Connection greedy = dialWhenThereIsAPlace(
                    small.address(), HostConfig.defaults().with(HostConfig.MAX_OUTBOUND_STREAMS, 20_000));
            List<CompletableFuture<ProtocolStream>> streams = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                streams.add(greedy.openStream(Hosts.ECHO, stream -> {}));
            }
            awaitTrue(
                    "as many as may be are open",
                    () -> streams.stream().filter(CompletableFuture::isDone).count() >= 1024);

            assertThat(HostTest.echo(legit, new byte[100_000])).hasSize(100_000);
            assertThat(small.usedMebibytes()).as("after a collection").isLessThan(48);
        }
    }

    /** What is left of a flood may still hold all places of its address for a moment. A new host each time: none waits after a failure. */
    private Connection dialWhenThereIsAPlace(Multiaddr address, HostConfig config) throws Exception {
        AtomicReference<Connection> dialed = new AtomicReference<>();
        awaitTrue("a place is free", () -> {
            try {
                dialed.set(hosts.start(Host.builder().config(config))
                        .dial(address)
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join());
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(DialFailedException.class);
            }
            return dialed.get() != null;
        });
        return Objects.requireNonNull(dialed.get());
    }

    private static Socket connect(Host host, String from) throws Exception {
        return new Socket(
                InetAddress.getLoopbackAddress(),
                address(host).tcp().orElseThrow().port(),
                InetAddress.getByName(from),
                0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
