package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.PATIENCE;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.limits;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.IncomingConnectionFailed;
import org.minip2p.host.Hosts.Recorder;

/** Dialers that take more than their share. */
class HostileDialerTest {
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    // SEC-2
    @Test
    @Conforms("CON-14")
    void refusesTheThirdSocketOfOneAddressAndServesAnotherOne() throws Exception {
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_CONNECTIONS_PER_IP, 2))
                .eventLoops(1)
                .listen(LOOPBACK)
                .listener(recorder)
                .handle(Hosts.ECHO, PeerEnd.HALF_OPEN, Hosts::echo)
                .on(new HostEnvironment().addressKey(remote -> ((InetSocketAddress) remote).getAddress())));
        try (Socket first = connect(server, "127.0.0.2");
                Socket second = connect(server, "127.0.0.2");
                Socket third = connect(server, "127.0.0.2")) {
            assertThat(third.getInputStream().read()).isEqualTo(-1);
            assertThat(recorder.next(IncomingConnectionFailed.class).error())
                    .isInstanceOf(ConnectionDeniedException.class);
            Connection other = await(hosts.dialer().dial(address(server)));
            assertThat(HostTest.echo(other, new byte[100])).hasSize(100);
            awaitTrue("three are there", () -> limits(server).total() == 3);

            first.shutdownOutput();
            awaitTrue("a place is free", () -> limits(server).total() == 2);
            try (Socket again = connect(server, "127.0.0.2");
                    Socket tooMany = connect(server, "127.0.0.2")) {
                assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
                awaitTrue("it is taken again", () -> limits(server).total() == 3);
                assertThat(isOpen(again) && isOpen(second)).isTrue();
            }
        }
    }

    /** SEC-1, SEC-2: all limits have their defaults, except that loopback addresses count like others. */
    @Test
    void atTheDefaultsAFloodFromManyAddressesKeepsNeitherNewcomersNorOwnDialsOut() throws Exception {
        Host server = hosts.start(Host.builder()
                .on(new HostEnvironment().addressKey(remote -> ((InetSocketAddress) remote).getAddress()))
                .listen(LOOPBACK)
                .handle(Hosts.ECHO, PeerEnd.HALF_OPEN, Hosts::echo));
        Connection before = await(hosts.dialer().dial(address(server)));
        List<Socket> flood = new ArrayList<>();
        try {
            for (int from = 2; from < 12; from++) {
                for (int i = 0; i < 40; i++) {
                    flood.add(connect(server, "127.0.0." + from));
                }
                Connection newcomer = await(hosts.dialer().dial(address(server)));
                assertThat(HostTest.echo(newcomer, new byte[100])).hasSize(100);
                assertThat(limits(server).pending()).isLessThanOrEqualTo(64);
            }
            assertThat(limits(server).pending())
                    .as("places that the flood holds: all but those of newcomers")
                    .isGreaterThan(50);

            assertThat(HostTest.echo(await(server.dial(address(hosts.listener()))), new byte[100]))
                    .hasSize(100);
            assertThat(limits(server).pending())
                    .as("places that the flood still holds after the host's own dial")
                    .isGreaterThan(50);
            assertThat(HostTest.echo(before, new byte[100_000])).hasSize(100_000);
            assertThat(server.connections()).hasSize(12);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
        awaitTrue("their places are back", () -> limits(server).pending() == 0);
    }

    // H4
    @Test
    void silentSocketsKeepNeitherNewcomersOutNorTheHostFromDialing() throws Exception {
        Host server = hosts.listener(HostConfig.defaults().with(HostConfig.MAX_PENDING_UPGRADES_PER_IP, 64));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                silent.add(connect(server, "127.0.0.1"));
            }
            awaitTrue("they hold all places", () -> limits(server).pending() == 64);
            Connection own = await(server.dial(address(hosts.listener())));
            assertThat(own.isOpen()).isTrue();
            assertThat(limits(server).pending())
                    .as("places that are still taken after the host's own dial")
                    .isEqualTo(64);
            for (int i = 0; i < 10; i++) {
                Connection newcomer = await(hosts.dialer().dial(address(server)));
                assertThat(HostTest.echo(newcomer, new byte[100])).hasSize(100);
            }
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
        Host server = hosts.listener(HostConfig.defaults()
                .with(HostConfig.MAX_VERIFICATIONS, most)
                .with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMinutes(1)));
        Connection before = await(hosts.dialer().dial(address(server)));
        AtomicBoolean busy = new AtomicBoolean(true);
        CountDownLatch running = new CountDownLatch(most);
        for (int i = 0; i < most; i++) {
            server.threads.verifier().execute(() -> {
                running.countDown();
                while (busy.get()) {
                    Thread.onSpinWait(); // busy like a verification, not blocked
                }
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

        for (int i = 0; i < 20; i++) {
            assertThat(await(before.ping())).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(HostTest.echo(before, new byte[10_000])).hasSize(10_000);
        assertThat(HostTest.echo(await(hosts.dialer().dial(address(server))), new byte[5]))
                .hasSize(5);
        assertThat(server.connections()).hasSize(2);

        busy.set(false);
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
            // Each connection comes from a separate host, as if from a separate process. None of the hosts knows of the
            // others.
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

            CompletableFuture<Integer> flood = new CompletableFuture<>();
            Hosts.daemon(() -> {
                        try {
                            flood.complete(SmallProcess.flood(small.address(), 10_000));
                        } catch (InterruptedException | RuntimeException | Error e) {
                            flood.completeExceptionally(e);
                        }
                    })
                    .start();
            int newcomers = 0;
            while (!flood.isDone() || newcomers == 0) {
                try (Host newcomer = await(Host.builder().eventLoops(1).start())) {
                    assertThat(HostTest.echo(await(newcomer.dial(small.address())), new byte[1_000]))
                            .as("newcomer %d, from another address, while the flood lasts", newcomers)
                            .hasSize(1_000);
                }
                assertThat(HostTest.echo(legit, new byte[1])).hasSize(1);
                newcomers++;
            }
            assertThat(flood.join()).as("sockets that the host closed").isGreaterThan(9_000);
            assertThat(HostTest.echo(legit, new byte[100_000])).hasSize(100_000);

            // Fills streams with 64 KiB each. If the host kept the bytes of the 1,024 streams that it allows, it would
            // need 64 MiB, and it has 32 MiB of direct memory.
            Connection greedy = await(hosts.start(
                            Host.builder().config(HostConfig.defaults().with(HostConfig.MAX_OUTBOUND_STREAMS, 20_000)))
                    .dial(small.address()));
            byte[] full = new byte[64 << 10];
            AtomicInteger opened = new AtomicInteger();
            for (int i = 0; i < 10_000; i++) {
                var unused = greedy.openStream(SmallProcess.UNREAD, stream -> {
                    opened.incrementAndGet();
                    stream.channel().writeAndFlush(Unpooled.wrappedBuffer(full));
                });
            }
            awaitTrue("as many as may be were open", () -> opened.get() >= 1024 || !greedy.isOpen());

            assertThat(HostTest.echo(legit, new byte[100_000])).hasSize(100_000);
            assertThat(HostTest.echo(await(hosts.dialer().dial(small.address())), new byte[1_000]))
                    .hasSize(1_000);
            assertThat(small.usedMebibytes()).as("MiB in use after a GC").isLessThan(48);
        }
    }

    /**
     * SEC-74: pieces of 280 bytes arrive through Noise. Many other bytes arrive between them, so each piece would keep
     * a separate read buffer of 64 KiB. Together, these buffers would exceed the direct memory of the process.
     */
    @Test
    void survivesManySmallUnreadPiecesWithLittleMemory() throws Exception {
        try (SmallProcess small = new SmallProcess()) {
            Connection connection = await(hosts.dialer().dial(small.address()));
            Channel unread = await(connection.openStream(SmallProcess.UNREAD, opened -> {}))
                    .channel();
            Channel discarded = await(connection.openStream(SmallProcess.DISCARDED, opened -> {}))
                    .channel();

            for (int i = 0; i < 800; i++) {
                ChannelFuture piece = unread.writeAndFlush(Unpooled.wrappedBuffer(new byte[280]));
                ChannelFuture between = discarded.writeAndFlush(Unpooled.wrappedBuffer(new byte[130_000]));
                assertThat(piece.await(PATIENCE.toMillis()) && between.await(PATIENCE.toMillis()))
                        .isTrue();
                assertThat(piece.isSuccess() && between.isSuccess())
                        .as("piece %d", i)
                        .isTrue();
            }

            assertThat(HostTest.echo(await(hosts.dialer().dial(small.address())), new byte[100_000]))
                    .hasSize(100_000);
            assertThat(unread.isOpen()).isTrue();
            assertThat(small.usedMebibytes()).as("MiB in use after a GC").isLessThan(40);
        }
    }

    /** Whether the socket is still open after a short wait for input. */
    private static boolean isOpen(Socket socket) throws Exception {
        socket.setSoTimeout(100);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private static Socket connect(Host host, String from) throws Exception {
        return new Socket(
                InetAddress.getLoopbackAddress(),
                address(host).tcp().orElseThrow().port(),
                InetAddress.getByName(from),
                0);
    }
}
