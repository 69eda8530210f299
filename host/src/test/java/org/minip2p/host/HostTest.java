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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.ConnectionClosed;
import org.minip2p.host.HostEvent.ConnectionEstablished;
import org.minip2p.host.Hosts.Recorder;
import org.minip2p.transport.ConnectFailedException;
import org.minip2p.transport.ListenFailedException;

/** The behavior of a host, with each I/O back end that is available. */
@ParameterizedClass
@ValueSource(strings = {"nio", "epoll", "io_uring", "kqueue"})
public class HostTest {
    private static final Duration SUPERSEDED_IDLE = Duration.ofMillis(150);

    private final Hosts hosts;

    HostTest(String io) {
        hosts = new Hosts(io);
    }

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0", "/dns4/localhost/tcp/0"})
    void connectsOverEachKindOfAddress(String listen) throws Exception {
        Host server = hosts.start(Host.builder().listen(listen).handle(ECHO, HALF_OPEN, Hosts::echo));
        Host client = hosts.dialer();

        Connection connection = await(client.dial(address(server)));

        assertThat(connection.remotePeer()).isEqualTo(server.peerId());
        assertThat(connection.role()).isEqualTo(Role.INITIATOR);
        assertThat(echo(connection, "hello".getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    @Conforms("CON-11")
    void provesItsIdentityWithEachTypeOfKey(KeyType type) throws Exception {
        Host server =
                hosts.start(Host.builder().identity(PrivateKey.generate(type)).listen(LOOPBACK));
        Host client = hosts.start(Host.builder().identity(PrivateKey.generate(type)));

        Connection connection = await(client.dial(address(server)));

        assertThat(connection.remotePeer()).isEqualTo(server.peerId());
        assertThat(connection.remoteKey()).isEqualTo(server.publicKey());
        awaitTrue(
                "the listener knows, too",
                () -> server.connections().stream()
                        .anyMatch(accepted -> accepted.remotePeer().equals(client.peerId())));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void agreesWithAndWithoutPipeliningAndEarlyMuxerNegotiation(boolean pipelining, boolean early) throws Exception {
        HostConfig config = HostConfig.defaults()
                .with(HostConfig.PIPELINING, pipelining)
                .with(HostConfig.EARLY_MUXER_NEGOTIATION, early);
        Host server = hosts.listener(config);
        Host client = hosts.start(Host.builder().config(config));

        Connection connection = await(client.dial(address(server)));

        assertThat(echo(connection, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    @Test
    void isBuiltFromTextsAndFromTypesAlike() {
        Host texts = hosts.start(Host.builder()
                .listen("/ip4/127.0.0.1/tcp/0")
                .handle("/mine/1.0.0", HALF_OPEN, stream -> {})
                .awaitConfirmation("/nobody/1.0.0"));
        Host types = hosts.start(Host.builder()
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .handle(new ProtocolId("/mine/1.0.0"), HALF_OPEN, stream -> {})
                .awaitConfirmation(new ProtocolId("/nobody/1.0.0")));

        assertThat(texts.protocols()).isEqualTo(types.protocols());
        assertThat(texts.addresses()).hasSameSizeAs(types.addresses()).hasSize(1);
        Connection there = await(texts.dial(types.addresses().get(0)));
        Connection back = await(types.dial(texts.addresses().get(0), DialOptions.when(DialCondition.ALWAYS)));
        for (Connection connection : List.of(there, back)) {
            assertThat(connection.openStream(new ProtocolId("/nobody/1.0.0"), stream -> {}))
                    .as("opening waits for the peer's answer")
                    .failsWithin(Hosts.PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(UnsupportedProtocolException.class);
        }
    }

    @Test
    @Conforms("CON-27")
    void movesMegabytesUnchangedInBothDirections() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        byte[] data = new byte[5 << 20];
        new Random(7).nextBytes(data);

        Connection connection = await(client.dial(address(server)));

        assertThat(echo(connection, data)).isEqualTo(data);
    }

    @Test
    void servesManyStreamsAtOnce() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));

        // One thread for each stream: since JDK 25, the common pool has a single thread on a machine with two
        // processors.
        ExecutorService threads = Executors.newFixedThreadPool(100);
        try {
            List<Future<byte[]>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> echo(connection, new byte[i * 100])))
                    .toList();

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).hasSize(i * 100);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void tellsBothSidesOfEachConnectionAndItsEndWithCounts() throws Exception {
        Recorder atServer = new Recorder();
        Recorder atClient = new Recorder();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).listener(atServer));
        Host client = hosts.start(Host.builder().listener(atClient));

        Connection first = await(client.dial(address(server)));
        Connection second = await(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS)));

        for (Recorder recorder : List.of(atServer, atClient)) {
            ConnectionEstablished one = recorder.next(ConnectionEstablished.class);
            ConnectionEstablished two = recorder.next(ConnectionEstablished.class);
            assertThat(List.of(one.numEstablished(), one.otherEstablished())).containsExactly(1, 0);
            assertThat(List.of(two.numEstablished(), two.otherEstablished())).containsExactly(2, 1);
        }
        await(first.close());
        await(second.close());
        for (Recorder recorder : List.of(atServer, atClient)) {
            assertThat(recorder.next(ConnectionClosed.class).numEstablished()).isEqualTo(1);
            assertThat(recorder.next(ConnectionClosed.class).numEstablished()).isZero();
        }
        assertThat(client.connections()).isEmpty();
    }

    @Test
    @Conforms("CON-40")
    void saysWhyAConnectionEndedOnEitherSide() throws Exception {
        Recorder atServer = new Recorder();
        Recorder atClient = new Recorder();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).listener(atServer));
        Host client = hosts.start(Host.builder().listener(atClient));
        Connection connection = await(client.dial(address(server)));
        atServer.next(ConnectionEstablished.class);
        atClient.next(ConnectionEstablished.class);

        await(connection.close());

        assertThat(atClient.next(ConnectionClosed.class).cause().reason()).isEqualTo(CloseCause.Reason.LOCAL);
        assertThat(atServer.next(ConnectionClosed.class).cause())
                .as("the peer closed by GO_AWAY, not just by the end of the bytes")
                .isEqualTo(CloseCause.of(CloseCause.Reason.REMOTE));
    }

    @Test
    @Conforms({"CON-9", "CON-39"})
    void refusesAPeerThatIsNotTheOneDialedAndGoesOnServing() throws Exception {
        Recorder atServer = new Recorder();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener(atServer));
        Host client = hosts.dialer();
        PeerId other = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

        Throwable failure = failure(client.dial(address(server).withoutPeerId().withPeerId(other)));

        assertThat(failure)
                .isInstanceOf(DialFailedException.class)
                .cause()
                .isInstanceOfSatisfying(PeerIdMismatchException.class, mismatch -> {
                    assertThat(mismatch.expected()).isEqualTo(other);
                    assertThat(mismatch.actual()).isEqualTo(server.peerId());
                });
        assertThat(client.connections()).isEmpty();
        atServer.next(HostEvent.IncomingConnectionFailed.class);
        assertThat(echo(await(client.dial(address(server))), new byte[3])).hasSize(3);
    }

    @Test
    @Conforms({"CON-10", "CON-11"})
    void dialsAnyPeerOnlyWhenAsked() {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Multiaddr anonymous = address(server).withoutPeerId();

        assertThatThrownBy(() -> client.dial(anonymous))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/p2p");
        assertThat(await(client.dial(anonymous, DialOptions.toAnyPeer())).remotePeer())
                .isEqualTo(server.peerId());
    }

    @Test
    void failsToStartOnAPortInUseAndLeavesNothingBehind() {
        Host server = hosts.listener();

        Throwable failure = failure(Host.builder()
                .listen(address(server).withoutPeerId().toString())
                .start());

        assertThat(failure).isInstanceOf(ListenFailedException.class).hasMessageContaining("in use");
    }

    @Test
    void failsToDialWhereNobodyListens() {
        Host gone = hosts.listener();
        Multiaddr address = address(gone);
        await(gone.closeAsync());
        Recorder recorder = new Recorder();
        Host client = hosts.start(Host.builder().listener(recorder));

        Throwable failure = failure(client.dial(address));

        assertThat(failure).isInstanceOf(DialFailedException.class).hasCauseInstanceOf(ConnectFailedException.class);
    }

    @Test
    void refusesToDialItself() {
        Host host = hosts.listener();

        assertThat(failure(host.dial(address(host))))
                .isInstanceOf(ConnectionDeniedException.class)
                .hasMessageContaining("itself");
    }

    @Test
    @Conforms("CON-31")
    void reportsAProtocolThatNobodySupportsAndKeepsTheConnection() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));
        CompletableFuture<Throwable> seen = new CompletableFuture<>();

        await(connection.openStream(
                new ProtocolId("/nobody/1.0.0"), stream -> stream.pipeline().addLast(new FailureListener(seen))));

        assertThat(await(seen)).isInstanceOf(UnsupportedProtocolException.class).hasMessageContaining("/nobody/1.0.0");
        assertThat(echo(connection, new byte[10])).hasSize(10);
    }

    @Test
    @Conforms({"CON-24", "CON-25", "MSS-33"})
    void choosesAmongSeveralProtocols() {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));

        ProtocolStream stream = await(connection.openStream(
                List.of(new ProtocolId("/newer/2.0.0"), ECHO),
                opened -> opened.channel().close()));

        assertThat(stream.protocol()).isEqualTo(ECHO);
        assertThat(failure(
                        connection.openStream(List.of(new ProtocolId("/a/1"), new ProtocolId("/b/1")), opened -> {})))
                .isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    void givesTheLiveConnectionToWhoeverDialsAgain() {
        Host server = hosts.listener();
        Host client = hosts.dialer();

        Connection first = await(client.dial(address(server)));

        assertThat(await(client.dial(address(server)))).isSameAs(first);
        assertThat(client.connection(server.peerId())).containsSame(first);
    }

    @Test
    void sharesOneDialAmongAHundredCallersOfWhomOneGivesUp() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();

        List<CompletableFuture<Connection>> callers = IntStream.range(0, 100)
                .mapToObj(i -> client.dial(address(server)))
                .toList();
        callers.get(0).cancel(false);

        Connection connection = await(callers.get(1));
        for (CompletableFuture<Connection> caller : callers.subList(1, 100)) {
            assertThat(await(caller)).isSameAs(connection);
        }
        assertThat(client.connections()).hasSize(1);
        awaitTrue("one socket at the listener", () -> server.connections().size() == 1);
    }

    @Test
    void refusesADialWhoseConditionDoesNotHold() {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        await(client.dial(address(server)));

        Throwable failure =
                failure(client.dial(address(server), DialOptions.when(DialCondition.DISCONNECTED_AND_NOT_DIALING)));

        assertThat(failure).isInstanceOf(DialRefusedException.class);
        assertThat(((DialRefusedException) failure).connected()).isTrue();
        assertThat(((DialRefusedException) failure).condition()).isEqualTo(DialCondition.DISCONNECTED_AND_NOT_DIALING);
    }

    @Test
    void makesAConnectionOfItsOwnWhenADialInsistsAlthoughThePeerDialsMeanwhile() {
        Host one = hosts.listener();
        Host other = hosts.listener();

        for (int round = 0; round < 20; round++) {
            CompletableFuture<Connection> there = one.dial(address(other), DialOptions.when(DialCondition.ALWAYS));
            CompletableFuture<Connection> back = other.dial(address(one), DialOptions.when(DialCondition.ALWAYS));

            assertThat(await(there).role()).isEqualTo(Role.INITIATOR);
            assertThat(await(back).role()).isEqualTo(Role.INITIATOR);
            await(await(there).close());
            await(await(back).close());
        }
    }

    // SEC-G5
    @Test
    @Conforms("CON-22")
    void keepsTheConnectionThatTheLowerIdDialedAndEndsTheOtherOnlyWhenItIsIdle() throws Exception {
        Recorder recorder = new Recorder();
        HostConfig config = HostConfig.defaults().with(HostConfig.SUPERSEDED_TIMEOUT, SUPERSEDED_IDLE);
        Host one = hosts.listener(config);
        Host other = hosts.listener(config);
        Host lower = one.peerId().compareTo(other.peerId()) < 0 ? one : other;
        Host higher = lower == one ? other : one;
        lower.addListener(recorder);
        Connection superfluous = await(higher.dial(address(lower), DialOptions.when(DialCondition.ALWAYS)));
        Connection canonical;

        try (BlockingStream busy = BlockingStream.open(superfluous, ECHO)) {
            canonical = await(lower.dial(address(higher), DialOptions.when(DialCondition.ALWAYS)));
            awaitTrue("both see both", () -> higher.connections(lower.peerId()).size() == 2);
            assertThat(lower.connection(higher.peerId())).containsSame(canonical);
            assertThat(higher.connection(lower.peerId()).orElseThrow().role()).isEqualTo(Role.RESPONDER);

            // The connection carries only this idle stream, for longer than a superseded connection may be unused.
            long usedUntil = System.nanoTime() + 3 * SUPERSEDED_IDLE.toNanos();
            awaitTrue("the time has passed", () -> System.nanoTime() > usedUntil);
            busy.outputStream().write(7);
            assertThat(busy.inputStream().read()).isEqualTo(7);
        }

        assertThat(await(superfluous.closed()).reason()).isEqualTo(CloseCause.Reason.REMOTE);
        recorder.next(ConnectionEstablished.class);
        recorder.next(ConnectionEstablished.class);
        ConnectionClosed closed = recorder.next(ConnectionClosed.class);
        assertThat(closed.cause().reason()).isEqualTo(CloseCause.Reason.SUPERSEDED);
        assertThat(closed.connection()).isNotSameAs(canonical);
        assertThat(echo(canonical, new byte[3])).hasSize(3);
        awaitTrue("one is left", () -> higher.connections(lower.peerId()).size() == 1);
    }

    @Test
    void closesAConnectionThatIsIdleAndKeepsOneThatIsHeld() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ofMillis(500));
        Recorder recorder = new Recorder();
        Host server = hosts.listener();
        Host client = hosts.start(Host.builder().config(config).listener(recorder));
        Connection connection = await(client.dial(address(server)));
        recorder.next(ConnectionEstablished.class);

        try (Lease lease = connection.hold()) {
            assertThat(lease).isNotNull();
            assertThat(echo(connection, new byte[1])).hasSize(1);
            long heldUntil = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
            awaitTrue("three idle times have passed", () -> System.nanoTime() > heldUntil);
            assertThat(connection.isOpen()).isTrue();
        }

        assertThat(recorder.next(ConnectionClosed.class).cause().reason()).isEqualTo(CloseCause.Reason.IDLE);
        assertThat(failure(connection.openStream(ECHO, stream -> {}))).isInstanceOf(ConnectionClosedException.class);
        assertThatThrownBy(connection::hold).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    @Conforms("CON-30")
    void resetsOneStreamWhenAHandlerFails() throws Exception {
        ProtocolId broken = new ProtocolId("/broken/1.0.0");
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .handle(broken, HALF_OPEN, stream -> {
                    throw new IllegalStateException("as the test wants it");
                }));
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));

        assertThatThrownBy(() -> {
                    try (BlockingStream stream = BlockingStream.open(connection, broken)) {
                        stream.inputStream().read();
                    }
                })
                .hasMessageContaining("reset");
        assertThat(echo(connection, new byte[2])).hasSize(2);
    }

    @Test
    void endsItsThreadsWhenItIsClosed() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Multiaddr address = address(server);
        await(client.dial(address));

        await(client.closeAsync());
        await(server.closeAsync());

        awaitTrue(
                "no thread of a host is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("minip2p-io")
                                || thread.getName().startsWith("minip2p-peers")));
        assertThat(failure(client.dial(address))).isNotNull();
    }

    @Test
    @Conforms({"CON-29", "CON-40"})
    void sendsAnAnswerThatIsUnderWayBeforeItCloses() throws Exception {
        ProtocolId slow = new ProtocolId("/slow/1.0.0");
        byte[] answer = new byte[700_000];
        CompletableFuture<ProtocolStream> asked = new CompletableFuture<>();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(slow, HALF_OPEN, asked::complete));
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));

        try (BlockingStream stream = BlockingStream.open(connection, slow)) {
            ProtocolStream atServer = await(asked);
            atServer.channel().writeAndFlush(atServer.channel().alloc().buffer().writeBytes(answer));
            atServer.channel().close();
            CompletableFuture<Void> closing = server.closeAsync();

            assertThat(stream.inputStream().readAllBytes()).isEqualTo(answer);
            await(closing);
        }
    }

    public static byte[] echo(Connection connection, byte[] data) throws Exception {
        try (BlockingStream stream = BlockingStream.open(connection, ECHO)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    stream.outputStream().write(data);
                    stream.closeOutput();
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] answer = stream.inputStream().readAllBytes();
            await(sent);
            return answer;
        }
    }

    private static final class FailureListener extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Throwable> seen;

        FailureListener(CompletableFuture<Throwable> seen) {
            this.seen = seen;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            seen.complete(cause);
        }
    }
}
