package org.minip2p.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.HostObservation.ConnectionClosed;
import org.minip2p.host.HostObservation.ConnectionKind;
import org.minip2p.host.HostObservation.ConnectionOpened;
import org.minip2p.host.HostObservation.DialEnded;
import org.minip2p.host.HostObservation.DialOutcome;
import org.minip2p.host.HostObservation.HostClosed;
import org.minip2p.host.HostObservation.HostStarted;
import org.minip2p.host.HostObservation.IpVersion;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.SocketFault;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StagePassed;
import org.minip2p.host.HostObservation.StreamClosed;
import org.minip2p.host.HostObservation.StreamEnd;
import org.minip2p.host.HostObservation.StreamFailed;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.HostObservation.StreamOpened;

class HostObserverTest {
    private static final byte[] REQUEST = "a request".getBytes(UTF_8);
    private static final ProtocolId UNSPOKEN = new ProtocolId("/unspoken/1.0.0");

    /** The first four bytes of a Yamux frame: version 0, type 1, flag SYN. */
    private static final int WINDOW_UPDATE_WITH_SYN = 0x0001_0001;

    private final Hosts hosts = new Hosts();
    private final Told atClient = new Told();
    private final Told atServer = new Told();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void tellsAConnectionWithItsStagesItsKindAndItsEnd() throws Exception {
        Connection connection = connect();
        ConnectionOpened opened = atClient.next(ConnectionOpened.class);
        await(connection.close());

        ConnectionKind kind = opened.kind();
        assertThat(kind)
                .isEqualTo(new ConnectionKind(
                        Role.INITIATOR, "tcp", "/noise", "/yamux/1.0.0", true, IpVersion.IP4, KeyType.ED25519));
        assertThat(opened.upgrade()).isPositive();
        ConnectionClosed closed = atClient.next(ConnectionClosed.class);
        assertThat(closed.kind()).isEqualTo(kind);
        assertThat(closed.reason()).isEqualTo(CloseCause.Reason.LOCAL);
        assertThat(closed.lifetime()).isPositive();
        assertThat(closed.bytesRead()).isGreaterThan(100);
        assertThat(closed.bytesWritten()).isGreaterThan(100);
        assertThat(atServer.next(ConnectionOpened.class).kind())
                .isEqualTo(new ConnectionKind(
                        Role.RESPONDER, "tcp", "/noise", "/yamux/1.0.0", true, IpVersion.IP4, KeyType.ED25519));
        assertThat(atServer.next(ConnectionClosed.class).reason()).isEqualTo(CloseCause.Reason.REMOTE);
        assertThat(atClient.all(StagePassed.class))
                .extracting(StagePassed::stage)
                .containsExactly(Stage.CONNECTING, Stage.NEGOTIATING_SECURITY, Stage.SECURING, Stage.DECIDING);
        assertThat(atServer.all(StagePassed.class))
                .extracting(StagePassed::stage)
                .containsExactly(Stage.NEGOTIATING_SECURITY, Stage.SECURING, Stage.DECIDING);
        assertThat(atClient.next(DialEnded.class)).satisfies(dial -> {
            assertThat(dial.outcome()).isEqualTo(DialOutcome.CONNECTED);
            assertThat(dial.fault()).isNull();
            assertThat(dial.sockets()).isEqualTo(1);
            assertThat(dial.time()).isPositive();
        });
    }

    @Test
    void tellsTheStageOfTheMuxerWhenTheHandshakeDoesNotAgreeOnOne() throws Exception {
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .observer(atServer)
                .config(HostConfig.defaults().with(HostConfig.EARLY_MUXER_NEGOTIATION, false)));
        Host client = hosts.start(Host.builder().observer(atClient));

        await(client.dial(address(server)));

        assertThat(atClient.next(ConnectionOpened.class).kind().earlyMuxer()).isFalse();
        assertThat(atClient.all(StagePassed.class))
                .extracting(StagePassed::stage)
                .contains(Stage.NEGOTIATING_MUXER);
    }

    @Test
    void tellsStreamsWithTheirBytesAndTheirEndOnBothSides() throws Exception {
        Connection connection = connect();
        try (BlockingStream stream = BlockingStream.open(connection, ECHO)) {
            stream.outputStream().write(REQUEST);
            stream.closeOutput();
            assertThat(stream.inputStream().readAllBytes()).isEqualTo(REQUEST);
        }

        assertThat(atClient.next(StreamOpened.class)).isEqualTo(new StreamOpened(Role.INITIATOR, ECHO.value()));
        assertThat(atServer.next(StreamOpened.class)).isEqualTo(new StreamOpened(Role.RESPONDER, ECHO.value()));
        StreamClosed here = atClient.next(StreamClosed.class);
        StreamClosed there = atServer.next(StreamClosed.class);
        assertThat(List.of(here, there)).allSatisfy(closed -> {
            assertThat(closed.end()).isEqualTo(StreamEnd.CLOSED);
            assertThat(closed.protocol()).isEqualTo(ECHO.value());
            assertThat(closed.lifetime()).isPositive();
        });
        assertThat(here.bytesWritten()).isEqualTo(there.bytesRead()).isGreaterThan(REQUEST.length);
        assertThat(here.bytesRead()).isEqualTo(there.bytesWritten()).isGreaterThan(REQUEST.length);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void tellsWhoResetAStreamAndWithWhichCode() throws Exception {
        Connection connection = connect();
        ProtocolStream stream = await(
                connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));
        atServer.next(StreamOpened.class);

        stream.reset(0x1003);

        assertThat(atClient.next(StreamClosed.class).end()).isEqualTo(StreamEnd.RESET_HERE);
        StreamClosed there = atServer.next(StreamClosed.class);
        assertThat(there.end()).isEqualTo(StreamEnd.RESET_BY_PEER);
        assertThat(there.resetCode()).isEqualTo(0x1003);
    }

    @Test
    void tellsStreamsThatEndWithTheirConnectionBeforeTheEndOfThat() throws Exception {
        Connection connection = connect();
        await(connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));
        atServer.next(StreamOpened.class);

        await(connection.abort());

        assertThat(atClient.next(StreamClosed.class).end()).isEqualTo(StreamEnd.CONNECTION_ENDED);
        assertThat(atClient.next(ConnectionClosed.class).reason()).isEqualTo(CloseCause.Reason.ABORTED);
        assertThat(atServer.next(StreamClosed.class).end()).isEqualTo(StreamEnd.CONNECTION_ENDED);
        atServer.next(ConnectionClosed.class);
        assertThat(atClient.order(StreamClosed.class)).isLessThan(atClient.order(ConnectionClosed.class));
        assertThat(atServer.order(StreamClosed.class)).isLessThan(atServer.order(ConnectionClosed.class));
    }

    @Test
    void tellsARefusedProtocolAsAFailureWhereItHasNoNameAndAsAnEndWhereItWasProposedInAdvance() throws Exception {
        Connection connection = connect();

        await(connection.openStream(UNSPOKEN, opened -> {}));
        assertThat(failure(connection.openStream(List.of(UNSPOKEN, new ProtocolId("/unspoken/2.0.0")), opened -> {})))
                .isNotNull();

        assertThat(atClient.next(StreamClosed.class).end()).isEqualTo(StreamEnd.NOT_AGREED);
        assertThat(atClient.next(StreamFailed.class))
                .isEqualTo(new StreamFailed(Role.INITIATOR, StreamFault.UNSUPPORTED_PROTOCOL));
        awaitTrue(
                "both are told at the server",
                () -> atServer.all(StreamFailed.class).size() == 2);
        assertThat(atServer.all(StreamFailed.class)).allMatch(failed -> failed.role() == Role.RESPONDER);
        assertThat(atServer.all(StreamOpened.class)).isEmpty();
    }

    @Test
    void tellsStreamsThatTheMuxerRefusesSinceTooManyAreOpen() throws Exception {
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, CLOSE_WITH_PEER, Hosts::echo)
                .observer(atServer)
                .config(HostConfig.defaults().with(HostConfig.MAX_INBOUND_STREAMS, 1)));
        Connection connection = await(hosts.dialer().dial(address(server)));
        await(connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));
        atServer.next(StreamOpened.class);

        await(connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));

        assertThat(atServer.next(StreamFailed.class))
                .isEqualTo(new StreamFailed(Role.RESPONDER, StreamFault.TOO_MANY_OPEN));
        assertThat(atServer.all(StreamOpened.class)).hasSize(1);
    }

    @Test
    void tellsStreamsThatTheMuxerRefusesSinceTooManyWaitForTheirAck() throws Exception {
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, CLOSE_WITH_PEER, Hosts::echo)
                .observer(atServer)
                .config(HostConfig.defaults().with(HostConfig.MAX_UNACKNOWLEDGED_STREAMS, 1)));
        Connection connection = await(hosts.dialer().dial(address(server)));
        ProtocolStream stream = await(
                connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));
        atServer.next(StreamOpened.class);

        // Opens three more streams in one frame of Noise. The server reads all of them before it answers the first one.
        ByteBuf frames = Unpooled.buffer();
        for (int id = 101; id <= 105; id += 2) {
            frames.writeInt(WINDOW_UPDATE_WITH_SYN).writeInt(id).writeInt(0);
        }
        stream.channel().parent().writeAndFlush(frames);

        StreamFailed refused = new StreamFailed(Role.RESPONDER, StreamFault.TOO_MANY_UNACKNOWLEDGED);
        awaitTrue(
                "two are refused",
                () -> atServer.all(StreamFailed.class).stream()
                                .filter(refused::equals)
                                .count()
                        == 2);
    }

    @Test
    void namesNoneOfTenThousandProtocolsThatPeersMadeUp() throws Exception {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).observer(atServer));
        int peers = 5;
        int streams = 150; // about as many refused streams as a peer may have in half a minute
        int proposals = 16;

        for (int peer = 0; peer < peers; peer++) {
            Connection connection = await(hosts.dialer().dial(address(server)));
            for (int stream = 0; stream < streams; stream++) {
                String prefix = "/made-up/" + peer + "/" + stream + "/";
                List<ProtocolId> madeUp = IntStream.range(0, proposals)
                        .mapToObj(each -> new ProtocolId(prefix + each))
                        .toList();
                failure(connection.openStream(madeUp, opened -> {}));
            }
        }

        awaitTrue("all are told", () -> atServer.all(StreamFailed.class).size() == peers * streams);
        assertThat(atServer.all(StreamFailed.class))
                .containsOnly(new StreamFailed(Role.RESPONDER, StreamFault.NEGOTIATION_FAILED)); // too many proposals
        assertThat(server.figures().traffic().protocols())
                .extracting(HostFigures.ProtocolTraffic::protocol)
                .containsExactlyInAnyOrder("unknown", "other");
    }

    @Test
    void namesTheFirst256ProtocolsAndTellsThoseBehindAsOther() throws Exception {
        HostBuilder builder = Host.builder().listen(LOOPBACK).observer(atServer);
        for (int i = 0; i < 300; i++) {
            builder.handle("/many/" + i, CLOSE_WITH_PEER, stream -> {});
        }
        Host server = hosts.start(builder);
        Connection connection = await(hosts.dialer().dial(address(server)));

        for (int i = 0; i < 300; i++) {
            await(connection.openStream(
                            new ProtocolId("/many/" + i),
                            opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))))
                    .channel()
                    .close();
        }

        awaitTrue("all are told", () -> atServer.all(StreamOpened.class).size() == 300);
        assertThat(atServer.all(StreamOpened.class).stream()
                        .filter(opened -> opened.protocol().equals(HostObservation.OTHER_PROTOCOL)))
                .hasSize(44);
        assertThat(server.figures().traffic().protocols()).hasSize(258);
    }

    @Test
    void tellsADialThatNobodyAnswersWithItsCause() throws Exception {
        Host client = hosts.start(Host.builder().observer(atClient));
        int port = FreePort.find();

        assertThat(failure(client.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port + "/p2p/" + stranger()))))
                .isInstanceOf(DialFailedException.class);

        SocketFailed socket = atClient.next(SocketFailed.class);
        assertThat(socket.fault()).isEqualTo(SocketFault.REFUSED);
        assertThat(socket.stage()).isEqualTo(Stage.CONNECTING);
        assertThat(socket.ipVersion()).isEqualTo(IpVersion.IP4);
        assertThat(socket.role()).isEqualTo(Role.INITIATOR);
        DialEnded dial = atClient.next(DialEnded.class);
        assertThat(dial.outcome()).isEqualTo(DialOutcome.FAILED);
        assertThat(dial.fault()).isEqualTo(SocketFault.REFUSED);
        assertThat(dial.sockets()).isEqualTo(1);
    }

    @Test
    void tellsAnotherPeerThanTheOneThatWasDialed() throws Exception {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).observer(atServer));
        Host client = hosts.start(Host.builder().observer(atClient));
        Multiaddr elsewhere = Multiaddr.parse(address(server).toString().replaceAll("/p2p/.*", "/p2p/" + stranger()));

        failure(client.dial(elsewhere));

        SocketFailed socket = atClient.next(SocketFailed.class);
        assertThat(socket.fault()).isEqualTo(SocketFault.WRONG_PEER);
        assertThat(socket.stage()).isEqualTo(Stage.SECURING);
        assertThat(atServer.next(SocketFailed.class).role()).isEqualTo(Role.RESPONDER);
    }

    @Test
    void tellsWhatTheGaterRefusesAndWhatIsNotPermittedAtAll() throws Exception {
        Host server =
                hosts.start(Host.builder().listen(LOOPBACK).observer(atServer).gater(new ConnectionGater() {
                    @Override
                    public boolean mayAccept(SocketAddress remote) {
                        return false;
                    }
                }));
        Host client = hosts.start(Host.builder().observer(atClient).gater(new ConnectionGater() {
            @Override
            public boolean mayDial(Multiaddr address) {
                return false;
            }
        }));

        failure(client.dial(address(server)));
        failure(hosts.dialer().dial(address(server)));

        assertThat(List.of(atClient.next(SocketFailed.class), atServer.next(SocketFailed.class)))
                .allSatisfy(failed -> {
                    assertThat(failed.fault()).isEqualTo(SocketFault.DENIED);
                    assertThat(failed.stage()).isEqualTo(Stage.PERMITTING);
                });
        assertThat(atClient.next(DialEnded.class).sockets()).isZero();
    }

    @Test
    void tellsASocketThatIsTooSlowWithTheStageThatItReached() throws Exception {
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .observer(atServer)
                .config(HostConfig.defaults().with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMillis(200))));
        int port = ((InetSocketAddress) toSocket(address(server))).getPort();

        try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), port)) {
            SocketFailed failed = atServer.next(SocketFailed.class);

            assertThat(mute.isConnected()).isTrue();
            assertThat(failed.fault()).isEqualTo(SocketFault.TIMEOUT);
            assertThat(failed.stage()).isEqualTo(Stage.NEGOTIATING_SECURITY);
            assertThat(failed.time()).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void tellsADialThatItsCallerCancelled() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Host client = hosts.start(Host.builder().observer(atClient));
            CompletableFuture<Connection> dial =
                    client.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + mute.getLocalPort() + "/p2p/" + stranger()));
            atClient.next(StagePassed.class);
            assertThat(client.figures().sockets().dials()).isEqualTo(1);

            dial.cancel(false);

            assertThat(atClient.next(DialEnded.class).outcome()).isEqualTo(DialOutcome.CANCELLED);
            assertThat(client.figures().sockets().dials()).isZero();
            assertThat(atClient.next(SocketFailed.class).fault()).isEqualTo(SocketFault.CANCELLED);
        }
    }

    @Test
    void givesFiguresOfSocketsMemoryAndBytes() throws Exception {
        Connection connection = connect();
        Host client = atClient.host();
        ProtocolStream stream = await(
                connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))));
        awaitTrue(
                "the echo is counted",
                () -> client.figures().traffic().protocols().stream()
                        .anyMatch(each -> each.protocol().equals(ECHO.value()) && each.bytesRead() > REQUEST.length));

        HostFigures figures = client.figures();

        assertThat(figures.sockets()).isEqualTo(new HostFigures.Sockets(1, 0, 0, 0, 1, 0));
        assertThat(figures.memory().limitBytes()).isEqualTo(hosts.memory(client).limitBytes());
        assertThat(figures.traffic().bytesRead()).isGreaterThan(REQUEST.length);
        assertThat(figures.queues().observationsLost()).isZero();
        assertThat(stream.channel().isOpen()).isTrue();
    }

    @Test
    void measuresNothingWithoutAnObserver() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));

        await(connection.openStream(ECHO, opened -> {
            assertThat(opened.pipeline().names()).noneMatch(name -> name.contains("Meter"));
            assertThat(opened.channel().parent().pipeline().names()).noneMatch(name -> name.contains("Meter"));
        }));

        assertThat(client.figures().traffic()).isEqualTo(new HostFigures.Traffic(0, 0, List.of()));
        assertThat(client.figures().sockets().outbound()).isEqualTo(1);
    }

    @Test
    void isToldTheStartFirstAndTheEndLast() throws Exception {
        Connection connection = connect();
        Host client = atClient.host();
        assertThat(connection.isOpen()).isTrue();
        await(client.closeAsync());

        atClient.next(HostClosed.class);

        assertThat(atClient.told.peek()).isInstanceOf(HostStarted.class);
        assertThat(atClient.order(HostClosed.class)).isEqualTo(atClient.told.size() - 1);
        assertThat(atClient.all(ConnectionClosed.class)).hasSize(1);
        assertThat(client.figures().sockets()).isEqualTo(new HostFigures.Sockets(0, 0, 0, 0, 0, 0));
    }

    @Test
    void goesOnWhenAnObserverThrowsWhateverItIs() throws Exception {
        HostObserver faulty = new HostObserver() {
            @Override
            public void stagePassed(StagePassed stage) {
                throw new LinkageError("not a good observer");
            }

            @Override
            public int hashCode() {
                throw new IllegalStateException("nor is this");
            }
        };
        Host server = hosts.listener();
        Host client = hosts.start(Host.builder().observer(faulty).observer(atClient));

        await(client.dial(address(server)));

        assertThat(atClient.next(ConnectionOpened.class)).isNotNull();
        assertThat(atClient.all(StagePassed.class)).isNotEmpty();
    }

    @Test
    void isNotHeldUpByAnObserverThatDoesNotReturn() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HostObserver stuck = new HostObserver() {
            @Override
            public void hostStarted(Host host) {
                awaitUninterrupted(release);
            }
        };
        try {
            Host server = hosts.start(Host.builder()
                    .listen(LOOPBACK)
                    .handle(ECHO, HALF_OPEN, Hosts::echo)
                    .observer(stuck)
                    .observer(atServer));
            Connection connection = await(hosts.dialer().dial(address(server)));
            int streams = 9_000; // two observations for each stream, which is more than may wait
            for (int i = 0; i < streams; i++) {
                await(connection.openStream(
                                ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST))))
                        .channel()
                        .close();
            }
            awaitTrue("some are dropped", () -> server.figures().queues().observationsLost() > 0);
            assertThat(server.figures().queues().observations()).isLessThanOrEqualTo(16_384);

            await(server.closeAsync());
        } finally {
            release.countDown();
        }

        atServer.next(HostClosed.class);
        assertThat(atServer.all(HostObservation.Lost.class)).isNotEmpty().allMatch(lost -> lost.observations() > 0);
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesNoObserver() {
        assertThatThrownBy(() -> Host.builder().observer(null)).isInstanceOf(NullPointerException.class);
    }

    private Connection connect() {
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, CLOSE_WITH_PEER, Hosts::echo)
                .observer(atServer));
        Host client = hosts.start(Host.builder().observer(atClient));
        return await(client.dial(address(server)));
    }

    private String stranger() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()).toString();
    }

    private static SocketAddress toSocket(Multiaddr address) {
        String[] parts = address.toString().split("/", -1);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(parts[4]));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean isInterrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps all observations. */
    private static final class Told implements HostObserver {
        private final Queue<HostObservation> told = new ConcurrentLinkedQueue<>();

        @Override
        public void hostStarted(Host host) {
            told.add(new HostStarted(host));
        }

        @Override
        public void hostClosed(Host host) {
            told.add(new HostClosed(host));
        }

        @Override
        public void dialEnded(DialEnded dial) {
            told.add(dial);
        }

        @Override
        public void stagePassed(StagePassed stage) {
            told.add(stage);
        }

        @Override
        public void socketFailed(SocketFailed socket) {
            told.add(socket);
        }

        @Override
        public void connectionOpened(ConnectionOpened connection) {
            told.add(connection);
        }

        @Override
        public void connectionClosed(ConnectionClosed connection) {
            told.add(connection);
        }

        @Override
        public void streamOpened(StreamOpened stream) {
            told.add(stream);
        }

        @Override
        public void streamClosed(StreamClosed stream) {
            told.add(stream);
        }

        @Override
        public void streamFailed(StreamFailed stream) {
            told.add(stream);
        }

        @Override
        public void lost(HostObservation.Lost lost) {
            told.add(lost);
        }

        Host host() throws InterruptedException {
            return next(HostStarted.class).host();
        }

        <T extends HostObservation> List<T> all(Class<T> type) {
            return told.stream().filter(type::isInstance).map(type::cast).toList();
        }

        /** The first observation of this type. Waits until there is one. */
        <T extends HostObservation> T next(Class<T> type) throws InterruptedException {
            awaitTrue(type.getSimpleName() + " is told", () -> !all(type).isEmpty());
            return all(type).get(0);
        }

        int order(Class<? extends HostObservation> type) {
            List<HostObservation> list = List.copyOf(told);
            for (int i = 0; i < list.size(); i++) {
                if (type.isInstance(list.get(i))) {
                    return i;
                }
            }
            throw new AssertionError("not told: " + type);
        }
    }
}
