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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.ConnectionEstablished;
import org.minip2p.host.HostEvent.IncomingConnectionFailed;
import org.minip2p.host.Hosts.Recorder;

/**
 * Peers that send garbage or nothing, or that stop in the middle. Each ends with a typed error in time, and no other
 * peer notices.
 */
class UpgradeFaultTest {
    private static final HostConfig IMPATIENT = HostConfig.defaults()
            .with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMillis(400))
            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(50));

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    /**
     * The dialer sends the header, the proposal and message 1 of Noise. It proposes no muxer before the listener
     * confirms Noise.
     */
    @Test
    @Conforms({"MSS-34", "NOI-5", "NOI-38"})
    void saysNoMoreThanItsFirstNoiseMessageBeforeSecurityIsConfirmed() throws Exception {
        Host client = hosts.start(Host.builder()
                .config(IMPATIENT
                        .with(HostConfig.EARLY_MUXER_NEGOTIATION, false)
                        .with(HostConfig.UPGRADE_TIMEOUT, Duration.ofSeconds(2))));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> dial = client.dial(someoneAt(silent.getLocalPort()));
            byte[] said;
            try (Socket socket = silent.accept()) {
                said = socket.getInputStream().readAllBytes();
            }

            byte[] negotiation = "\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(StandardCharsets.US_ASCII);
            assertThat(said).startsWith(negotiation).hasSize(negotiation.length + 2 + 32);
            assertThat(Arrays.copyOfRange(said, negotiation.length, negotiation.length + 2))
                    .as("the length of an ephemeral key alone")
                    .containsExactly(0, 32);
            assertThat(failure(dial)).isInstanceOf(DialFailedException.class);
        }
    }

    @Test
    @Conforms("CON-12")
    void givesUpOnAListenerThatSaysNothing() throws Exception {
        Host client = hosts.start(Host.builder().config(IMPATIENT));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Throwable failure = failure(client.dial(someoneAt(silent.getLocalPort())));

            assertThat(failure).isInstanceOf(DialFailedException.class).hasMessageContaining("400 ms");
        }
    }

    /** SEC-3: silent dialers take all places but one, twice in a row. */
    @Test
    @Conforms({"CON-12", "CON-13"})
    void givesUpOnDialersThatSayNothingAndServesOthersMeanwhile() throws Exception {
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(IMPATIENT
                        .with(HostConfig.UPGRADE_TIMEOUT, Duration.ofSeconds(2))
                        .with(HostConfig.MAX_PENDING_UPGRADES, 8))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener(recorder));
        for (int round = 0; round < 2; round++) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                silent.add(connect(server));
            }
            awaitTrue("they have their places", () -> limits(server).pending() == 7);
            Connection other = await(hosts.dialer().dial(address(server)));

            assertThat(HostTest.echo(other, new byte[5])).hasSize(5);
            recorder.anyOf(ConnectionEstablished.class);
            for (Socket socket : silent) {
                assertThat(recorder.anyOf(IncomingConnectionFailed.class).error())
                        .isInstanceOf(UpgradeFailedException.class)
                        .hasMessageContaining("NEGOTIATING_SECURITY");
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
                socket.close();
            }
            awaitTrue("their places are back", () -> limits(server).pending() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void refusesGarbageFromEitherSide(int seed) throws Exception {
        byte[] garbage = new byte[2000];
        new Random(seed).nextBytes(garbage);
        Recorder recorder = new Recorder();
        Host server =
                hosts.start(Host.builder().config(IMPATIENT).listen(LOOPBACK).listener(recorder));
        try (Socket dialer = connect(server);
                ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            dialer.getOutputStream().write(garbage);
            assertThat(recorder.next(IncomingConnectionFailed.class).error()).isInstanceOf(Libp2pException.class);

            CompletableFuture<Connection> dial =
                    hosts.start(Host.builder().config(IMPATIENT)).dial(someoneAt(listener.getLocalPort()));
            try (Socket accepted = listener.accept()) {
                accepted.getOutputStream().write(garbage);
                assertThat(failure(dial))
                        .isInstanceOf(DialFailedException.class)
                        .hasCauseInstanceOf(Libp2pException.class);
            }
        }
    }

    /** Like {@code CutSessionTest}, but the path falls silent instead, and both ends notice that without help. */
    @Test
    @Conforms({"CON-12", "CON-16"})
    void endsOnBothSidesWhereverThePathFallsSilent() throws Exception {
        HostConfig config = IMPATIENT.with(HostConfig.KEEP_ALIVE_INTERVAL, Duration.ofMillis(300));
        Host server = hosts.start(Host.builder().config(config).listen(LOOPBACK));
        List<CompletableFuture<@Nullable Throwable>> ends = new ArrayList<>();
        List<Relay> relays = new ArrayList<>();
        for (int bytes : new int[] {0, 1, 27, 28, 60, 70, 100, 150, 240}) {
            Relay relay = new Relay(server, new Relay.Passage(bytes, Relay.ALL, Relay.Then.SILENCE));
            relays.add(relay);
            Host client = hosts.start(Host.builder().config(config));
            ends.add(client.dial(relay.address(server))
                    .thenCompose(Connection::closed)
                    .handle((cause, failure) -> failure != null ? failure : cause.error()));
        }

        for (CompletableFuture<@Nullable Throwable> end : ends) {
            assertThat(await(end)).isNotNull();
        }
        awaitTrue("nothing is left at the listener", () -> limits(server).total() == 0);
        awaitTrue("nor in the table", () -> server.connections().isEmpty());
        relays.forEach(Relay::close);
    }

    /** js-libp2p does this when it stops. */
    @Test
    void takesTheEndOfTheBytesBetweenFramesForACloseByThePeer() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        try (Relay relay = new Relay(server, Relay.Passage.FREE)) {
            Connection connection = await(client.dial(relay.address(server)));
            assertThat(HostTest.echo(connection, new byte[5000])).hasSize(5000);

            relay.end();

            CloseCause cause = await(connection.closed());
            assertThat(cause.reason()).isEqualTo(CloseCause.Reason.REMOTE);
            assertThat(cause.error()).hasMessageContaining("without GO_AWAY");
        }
    }

    @Test
    @Conforms({"CON-13", "CON-14"})
    void endsTheOldestSocketWhenThereAreMoreThanItsLimits() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.MAX_PENDING_UPGRADES, 3);
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(config)
                // A single event loop takes the sockets in their order.
                .eventLoops(1)
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener(recorder));
        try (Socket a = connect(server);
                Socket b = connect(server);
                Socket c = connect(server)) {
            awaitTrue("the house is full", () -> limits(server).pending() == 3);

            Connection newcomer = await(hosts.dialer().dial(address(server)));

            assertThat(HostTest.echo(newcomer, new byte[5])).hasSize(5);
            assertThat(recorder.anyOf(IncomingConnectionFailed.class).error())
                    .isInstanceOf(ConnectionDeniedException.class)
                    .hasMessageContaining("to make room");
            assertThat(a.getInputStream().readAllBytes())
                    .as("the bytes before the end: a proposal at most")
                    .hasSizeLessThan(100);
            recorder.anyOf(ConnectionEstablished.class);
            awaitTrue("the other two are left", () -> limits(server).pending() == 2);
            assertThat(recorder.isEmpty()).isTrue();
            assertThat(b.isConnected() && c.isConnected()).isTrue();
        }
    }

    /**
     * SEC-2: connections and sockets without a finished upgrade take the same places. The host serves an existing
     * connection, and frees its place at its end.
     */
    @Test
    void countsSocketsPerAddress() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.MAX_CONNECTIONS_PER_IP, 2);
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(config)
                .eventLoops(1)
                .listen(LOOPBACK)
                .listener(recorder)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .on(new HostEnvironment().addressKey(address -> "everyone")));
        Connection connection = await(hosts.dialer().dial(address(server)));
        recorder.anyOf(ConnectionEstablished.class);
        try (Socket silent = connect(server);
                Socket tooMany = connect(server)) {
            assertThat(recorder.anyOf(IncomingConnectionFailed.class).error())
                    .isInstanceOf(ConnectionDeniedException.class)
                    .hasMessageContaining("this address has 2 already");
            assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
            assertThat(failure(hosts.dialer().dial(address(server)))).isInstanceOf(DialFailedException.class);
            recorder.next(IncomingConnectionFailed.class);
            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            assertThat(limits(server).total()).isEqualTo(2);

            await(connection.close());
            awaitTrue("its place is back", () -> limits(server).total() == 1);
            assertThat(HostTest.echo(await(hosts.dialer().dial(address(server))), new byte[5]))
                    .hasSize(5);
            assertThat(silent.isConnected()).isTrue();
        }
    }

    @Test
    void letsAThirdConnectionInOnlyWhenAnOlderOneIsDead() throws Exception {
        Host server = hosts.listener();
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        Host client = hosts.start(Host.builder()
                .identity(key)
                .config(HostConfig.defaults().with(HostConfig.SUPERSEDED_TIMEOUT, Duration.ofMinutes(1))));
        try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
            Connection living = await(client.dial(address(server)));
            awaitTrue(
                    "the listener has the first",
                    () -> server.connections(client.peerId()).size() == 1);
            Connection dying = await(client.dial(relay.address(server), DialOptions.when(DialCondition.ALWAYS)));
            awaitTrue(
                    "the listener has decided on both",
                    () -> server.connections(client.peerId()).size() == 2);
            List<Connection> older = server.connections(client.peerId());

            // The same peer dials from another process, whose own connection table has room.
            Connection third = await(hosts.start(Host.builder().identity(key)).dial(address(server)));

            assertThat(await(third.closed())).isNotNull();
            assertThat(server.connections(client.peerId())).isEqualTo(older);

            relay.silence();
            Connection fourth = await(hosts.start(Host.builder().identity(key)).dial(address(server)));

            assertThat(HostTest.echo(fourth, new byte[5])).hasSize(5);
            assertThat(HostTest.echo(living, new byte[5])).hasSize(5);
            awaitTrue(
                    "the dead one is gone",
                    () -> server.connections(client.peerId()).size() == 2);
            assertThat(server.connections(client.peerId())).contains(older.get(0));
            assertThat(older.get(1).isOpen()).isFalse();
            assertThat(dying.isOpen()).as("the peer's end, which cannot know").isTrue();
        }
    }

    /**
     * SEC-H11: fifty peers, each with two dead connections, connect again, as after a restart that the host did not
     * notice.
     */
    @Test
    void letsEveryPeerInAgainWhoseOlderConnectionsAreDead() throws Exception {
        Host server = hosts.listener();
        List<PrivateKey> keys = new ArrayList<>();
        try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
            for (int i = 0; i < 50; i++) {
                PrivateKey key = PrivateKey.generate(KeyType.ED25519);
                keys.add(key);
                Host before = hosts.start(Host.builder().identity(key).eventLoops(1));
                await(before.dial(relay.address(server)));
                await(before.dial(relay.address(server), DialOptions.when(DialCondition.ALWAYS)));
                awaitTrue(
                        "the listener has both",
                        () -> server.connections(before.peerId()).size() == 2);
            }
            relay.silence();

            List<CompletableFuture<Connection>> again = new ArrayList<>();
            for (PrivateKey key : keys) {
                again.add(
                        hosts.start(Host.builder().identity(key).eventLoops(1)).dial(address(server)));
            }

            for (CompletableFuture<Connection> dial : again) {
                assertThat(HostTest.echo(await(dial), new byte[5])).hasSize(5);
            }
        }
    }

    /** SEC-H11: a closing connection waits until it has sent its bytes. Meanwhile it keeps no new connection out. */
    @Test
    void countsNoConnectionThatIsClosing() throws Exception {
        CompletableFuture<ProtocolStream> opened = new CompletableFuture<>();
        ProtocolId slow = new ProtocolId("/slow/1.0.0");
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.DRAIN_TIMEOUT, Duration.ofMinutes(1)))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .handle(slow, HALF_OPEN, opened::complete));
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        Host client = hosts.start(Host.builder().identity(key));
        Connection one = await(client.dial(address(server)));
        await(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS)));
        awaitTrue(
                "the listener has both",
                () -> server.connections(client.peerId()).size() == 2);
        try (BlockingStream unanswered = BlockingStream.open(one, slow)) {
            unanswered.outputStream().write(1);
            ProtocolStream answering = await(opened);
            // More bytes than the window allows, and the peer reads none of them.
            answering
                    .channel()
                    .writeAndFlush(answering.channel().alloc().buffer().writeBytes(new byte[700_000]));
            CompletableFuture<CloseCause> closing = answering.connection().close();

            Host twin = hosts.start(Host.builder().identity(key));

            assertThat(HostTest.echo(await(twin.dial(address(server))), new byte[5]))
                    .hasSize(5);
            assertThat(closing).as("the close, which is still pending").isNotDone();
            answering.reset();
        }
    }

    private static Socket connect(Host host) throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(),
                address(host).tcp().orElseThrow().port());
    }

    private static Multiaddr someoneAt(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port)
                .withPeerId(PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()));
    }
}
