package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.Hosts.limits;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.ConnectionEstablished;
import org.minip2p.host.HostEvent.OutgoingConnectionFailed;
import org.minip2p.host.Hosts.Recorder;
import org.minip2p.host.Relay.Passage;
import org.minip2p.host.Relay.Then;

/** Dials that race, share a socket, are cancelled, or cross a dial of the peer. */
class DialingTest {
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ALWAYS, true, true, true",
        "NOT_DIALING, false, true, true",
        "NOT_DIALING, true, false, false",
        "NOT_DIALING, false, false, true",
        "DISCONNECTED, true, false, true",
        "DISCONNECTED, false, true, false",
        "DISCONNECTED, false, false, true",
        "DISCONNECTED_AND_NOT_DIALING, true, false, false",
        "DISCONNECTED_AND_NOT_DIALING, false, true, false",
        "DISCONNECTED_AND_NOT_DIALING, false, false, true",
    })
    void allowsADialByItsCondition(DialCondition condition, boolean dialing, boolean connected, boolean allowed) {
        assertThat(condition.allows(connected, dialing)).isEqualTo(allowed);
    }

    @Test
    void refusesADialWhileAnotherIsUnderWayAndSaysSo() throws Exception {
        Recorder recorder = new Recorder();
        Host client = hosts.start(Host.builder().listener(recorder));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Multiaddr address = someoneAt(silent.getLocalPort());
            CompletableFuture<Connection> underWay = client.dial(address);

            Throwable failure = failure(client.dial(address, DialOptions.when(DialCondition.NOT_DIALING)));

            assertThat(failure).isInstanceOfSatisfying(DialRefusedException.class, refused -> {
                assertThat(refused.condition()).isEqualTo(DialCondition.NOT_DIALING);
                assertThat(refused.dialing()).isTrue();
                assertThat(refused.connected()).isFalse();
            });
            assertThat(recorder.isEmpty()).as("no event about the refusal").isTrue();
            underWay.cancel(false);
        }
    }

    @Test
    void closesTheSocketWhenItsLastCallerHasCancelled() throws Exception {
        Host client = hosts.dialer();
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> one = client.dial(someoneAt(silent.getLocalPort()));
            try (Socket accepted = silent.accept()) {
                one.cancel(false);

                accepted.setSoTimeout(10_000);
                assertThat(accepted.getInputStream().readAllBytes())
                        .as("the bytes until the host closes the socket")
                        .isNotNull();
            }
        }
        awaitTrue("nothing is left", () -> limits(client).total() == 0);
    }

    // SEC-G13
    @Test
    void makesOneSocketForAHundredCallersOfWhomTheFirstGivesUp() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).gater(new ConnectionGater() {
            @Override
            public boolean mayAccept(java.net.SocketAddress remoteAddress) {
                return accepted.incrementAndGet() > 0;
            }
        }));
        Host client = hosts.dialer();
        List<CompletableFuture<Connection>> callers = new ArrayList<>();
        // All callers have dialed, and the first one has cancelled, before the host opens the socket.
        CountDownLatch started = blocked(client);
        for (int i = 0; i < 100; i++) {
            callers.add(client.dial(address(server)));
        }
        callers.get(0).cancel(false);
        started.countDown();

        Connection connection = await(callers.get(1));

        for (CompletableFuture<Connection> caller : callers.subList(1, 100)) {
            assertThat(await(caller)).isSameAs(connection);
        }
        assertThat(callers.get(0)).isCancelled();
        assertThat(accepted).hasValue(1);
        assertThat(limits(client).total()).isEqualTo(1);
    }

    // SEC-G6
    @Test
    @Conforms("CON-19")
    void keepsItsOwnConnectionWhenThePeersComesFirstButItsOwnHandshakeIsDone() throws Exception {
        Host one = hosts.listener();
        Host other = hosts.listener();
        try (Relay slow = new Relay(other, new Passage(Relay.ALL, 40, Then.SILENCE))) {
            CompletableFuture<Connection> dial = one.dial(slow.address(other));
            awaitTrue("it is under way", () -> limits(other).pending() == 1);
            CountDownLatch free = blocked(one);
            // The peer's connection arrives and waits for a decision. Then the first connection completes its handshake
            // at both ends.
            Connection theirs = await(other.dial(address(one), DialOptions.when(DialCondition.ALWAYS)));
            awaitTrue("it waits", () -> limits(one).total() == 2 && limits(one).pending() == 1);
            slow.resume();
            awaitTrue(
                    "the peer holds both", () -> other.connections(one.peerId()).size() == 2);
            free.countDown();

            assertThat(await(dial).role()).as("the peer's connection serves").isEqualTo(Role.RESPONDER);
            awaitTrue("both are there", () -> one.connections(other.peerId()).size() == 2);
            for (Connection connection : one.connections(other.peerId())) {
                assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            }
            assertThat(HostTest.echo(theirs, new byte[5])).hasSize(5);
            assertThat(other.connections(one.peerId())).hasSize(2);
        }
    }

    // SEC-G6
    @Test
    void endsItsOwnDialWhenThePeersConnectionComesInBeforeItsHandshake() throws Exception {
        Host one = hosts.listener();
        Host other = hosts.listener();
        try (Relay slow = new Relay(other, new Passage(Relay.ALL, 10, Then.SILENCE))) {
            CompletableFuture<Connection> dial = one.dial(slow.address(other));
            awaitTrue("it is under way", () -> limits(other).pending() == 1);

            await(other.dial(address(one)));

            assertThat(await(dial).role()).isEqualTo(Role.RESPONDER);
            awaitTrue("its socket is closed", () -> limits(one).total() == 1);
            assertThat(HostTest.echo(await(dial), new byte[5])).hasSize(5);
        }
    }

    // SEC-G14
    @Test
    void closesASecondWinnerOfARace() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.start(
                Host.builder().config(HostConfig.defaults().with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMinutes(1))));
        try (Relay first = new Relay(server, new Passage(Relay.ALL, 40, Then.SILENCE));
                Relay second = new Relay(server, new Passage(Relay.ALL, 40, Then.SILENCE))) {
            CompletableFuture<Connection> dial =
                    client.dial(server.peerId(), List.of(first.address(server), second.address(server)));
            awaitTrue("both sockets wait for the listener", () -> limits(server).pending() == 2);
            // Both sockets become connections before the host decides on either of them.
            CountDownLatch free = blocked(client);
            first.resume();
            second.resume();
            awaitTrue("both are secured", () -> server.connections().size() == 2);
            free.countDown();

            Connection winner = await(dial);

            awaitTrue("one is left here", () -> limits(client).total() == 1);
            awaitTrue("and there", () -> limits(server).total() == 1);
            assertThat(client.connections()).containsExactly(winner);
            assertThat(HostTest.echo(winner, new byte[5])).hasSize(5);
        }
    }

    // SEC-6
    @Test
    void hasFewSocketsAtOnceOfDialsThatLeadNowhereAndLeavesNone() throws Exception {
        Host client = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMinutes(1)))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo));
        try (BlackHole hole = new BlackHole()) {
            List<Host> servers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                servers.add(hosts.listener());
            }
            long before = openFiles();
            List<CompletableFuture<Connection>> abandoned = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                abandoned.add(client.dial(someoneAt(hole.port())));
            }
            awaitTrue("as many as may be have begun", () -> limits(client).total() == 64);
            Connection newcomer = await(servers.get(0).dial(address(client)));
            assertThat(HostTest.echo(newcomer, new byte[5])).as("inbound peer").hasSize(5);
            assertThat(limits(client).pending()).isEqualTo(64);
            assertThat(openFiles() - before).isBetween(64L, 64L + 20);
            abandoned.forEach(dial -> dial.cancel(false));

            List<CompletableFuture<Connection>> good = new ArrayList<>();
            for (Host server : servers.subList(1, 4)) {
                good.add(client.dial(server.peerId(), List.of(hole.addressOf(server), address(server))));
            }
            for (CompletableFuture<Connection> dial : good) {
                assertThat(HostTest.echo(await(dial), new byte[5])).hasSize(5);
            }
            awaitTrue("the good ones are left", () -> limits(client).total() == servers.size());
            awaitTrue("two files each", () -> openFiles() - before <= 2L * servers.size() + 10);
        }
    }

    // SEC-7
    @Test
    void refusesToDialWhereItListensItselfUnderAnotherName() throws Exception {
        Recorder recorder = new Recorder();
        Host host = hosts.start(Host.builder()
                .listen("/ip4/0.0.0.0/tcp/0")
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener(recorder));
        Host neighbour = hosts.listener();
        int port = address(host).tcp().orElseThrow().port();

        Throwable failure = failure(host.dial(someoneAt(port)));

        assertThat(failure)
                .isInstanceOf(DialFailedException.class)
                .cause()
                .isInstanceOf(ConnectionDeniedException.class)
                .hasMessageContaining("itself listens");
        recorder.next(OutgoingConnectionFailed.class);
        // The host accepted nothing and punishes no peer, and it can still dial a neighbour.
        assertThat(recorder.isEmpty()).isTrue();
        assertThat(HostTest.echo(await(host.dial(address(neighbour))), new byte[5]))
                .hasSize(5);
        recorder.next(ConnectionEstablished.class);
    }

    /** Blocks a host's peer executor until the latch is counted down. Returns when the executor is blocked. */
    private static CountDownLatch blocked(Host host) throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        host.threads.peerExecutor().execute(() -> {
            entered.countDown();
            awaitQuietly(free);
        });
        entered.await();
        return free;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static Multiaddr someoneAt(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port)
                .withPeerId(PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()));
    }

    /** A port whose accept queue is full, so that a connect gets no answer. */
    private static final class BlackHole implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> queue = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < 2; i++) {
                queue.add(new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        Multiaddr addressOf(Host host) {
            return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port()).withPeerId(host.peerId());
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queue) {
                socket.close();
            }
            listener.close();
        }
    }
}
