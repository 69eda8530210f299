package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.HostConfig;
import org.minip2p.multistream.UnsupportedProtocolException;
import org.minip2p.protocols.IdentifyInfo;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfProgress;
import org.minip2p.protocols.PerfResult;
import org.minip2p.protocols.Ping;
import org.minip2p.yamux.StreamResetException;

/** Our node dials each peer. */
@ParameterizedClass(name = "{0}")
@EnumSource(Peers.class)
@ExtendWith(MatrixTable.class)
@Timeout(60)
class WeDialIT implements MatrixCell {
    private static final Listeners LISTENERS = new Listeners();

    private final Peers peer;
    private final RunningListener listener;
    private final List<OurNode> nodes = new ArrayList<>();

    WeDialIT(Peers peer) {
        this.peer = peer;
        this.listener = LISTENERS.get(peer);
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(OurNode::close);
    }

    @AfterAll
    static void stopPeers() {
        LISTENERS.close();
    }

    @Test
    @DisplayName("ping, and ping of the muxer")
    void pings() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());

        assertThat(OurNode.await(node.ping().ping(connection))).isPositive();
        assertThat(OurNode.await(node.ping().ping(connection))).isPositive();
        assertThat(OurNode.await(connection.ping())).isPositive();
    }

    @Test
    @DisplayName("identify, both ways")
    void identifies() {
        OurNode node = node(HostConfig.defaults());

        IdentifyInfo theirs = OurNode.await(node.identify().identify(node.dial(listener.address())));
        JsonLine ours = listener.awaitEvent("identified", node);

        assertThat(theirs.agentVersion()).startsWith(peer + "-libp2p/");
        assertThat(theirs.protocols()).contains(Ping.ID, OurNode.ECHO, OurNode.HALF, Perf.ID);
        assertThat(theirs.listenAddresses())
                .contains(Multiaddr.parse(listener.address()).withoutPeerId());
        assertThat(theirs.observedAddress()).isPresent();
        assertThat(ours.text("agentVersion")).isEqualTo(OurNode.AGENT_VERSION);
        assertThat(ours.texts("protocols")).contains("/ipfs/ping/1.0.0", "/ipfs/id/1.0.0", "/echo/1.0.0");
        assertThat(ours.texts("listenAddresses").toString()).contains(node.addressWithoutPeerId());
    }

    @Test
    @DisplayName("identify push")
    void pushes() {
        OurNode node = node(forEarlyEnds());
        Connection connection = node.dial(listener.address());
        OurNode.await(node.identify().identify(connection));
        listener.awaitEvent("identified", node);

        node.host().handle(OurNode.PUSHED, stream -> stream.pipeline().addLast(new EchoHandler()));
        OurNode.await(node.identify().push());

        listener.awaitEvent("identified", node, line -> line.texts("protocols").contains(OurNode.PUSHED.value()));
    }

    @ParameterizedTest(name = "echo of {0} bytes")
    @ValueSource(ints = {1, 65_519, 65_520, 5 << 20})
    void echoes(int bytes) {
        OurNode node = node(HostConfig.defaults());

        echo(node, node.dial(listener.address()), bytes);
    }

    @Test
    @DisplayName("5 MiB, frames as large as the window")
    void takesFramesAsLargeAsTheWindow() {
        assumeTrue(peer == Peers.JS, "js-libp2p alone writes such frames");
        OurNode node = node(HostConfig.defaults());
        try (RunningListener stock = RunningListener.start(peer, "--stock-writers")) {
            echo(node, node.dial(stock.address()), 5 << 20);
        }
    }

    @ParameterizedTest(name = "half-close after {0} bytes, then the answer")
    @ValueSource(ints = {0, 1, 1 << 20})
    void getsTheAnswerAfterTheHalfClose(int bytes) {
        OurNode node = node(forEarlyEnds());

        Answer answer = OurNode.await(node.request(node.dial(listener.address()), OurNode.HALF, bytes));

        assertThat(answer.text()).isEqualTo(answer.sentSha256() + " " + bytes);
    }

    @Test
    @DisplayName("perf, 64 MiB up and 64 MiB down")
    void measures() {
        OurNode node = node(HostConfig.defaults());
        long bytes = 64 << 20;

        PerfResult result = OurNode.await(
                node.perf().run(node.dial(listener.address()), bytes, bytes, PerfProgress.NONE),
                Duration.ofSeconds(50));

        assertThat(result.uploadBytes()).isEqualTo(bytes);
        assertThat(result.downloadBytes()).isEqualTo(bytes);
        MatrixTable.note(
                this,
                "up " + mibPerSecond(bytes, result.uploadTime()) + " MiB/s, down "
                        + mibPerSecond(bytes, result.downloadTime()) + " MiB/s");
    }

    @Test
    @DisplayName("another peer id in the address")
    void refusesAnotherPeer() {
        OurNode node = node(HostConfig.defaults());
        PeerId other = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
        Multiaddr address = Multiaddr.parse(listener.address()).withoutPeerId().withPeerId(other);

        Throwable failure = OurNode.failure(node.host().dial(address));

        assertThat(failure).isInstanceOf(DialFailedException.class).hasMessageContaining(other.toString());
        assertThat(node.host().connections()).isEmpty();
        echo(node, node.dial(listener.address()), 1);
    }

    @Test
    @DisplayName("100 streams at once, 10,000 bytes each")
    void opensAHundredStreamsAtOnce() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());

        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(node.request(connection, OurNode.ECHO, echoRequest(10_000 + i)));
        }

        answers.forEach(answer -> isEcho(OurNode.await(answer)));
    }

    @Test
    @DisplayName("200 streams one after the other")
    void opensTwoHundredStreamsInTurn() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());

        for (int i = 0; i < 200; i++) {
            echo(node, connection, 1_000);
        }
    }

    @Test
    @DisplayName("their reset; the connection lives on")
    void seesAReset() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());

        Throwable failure = OurNode.failure(node.request(connection, OurNode.RESET, RequestHandler.withoutEnd(10)));

        assertThat(failure).isInstanceOf(StreamResetException.class);
        echo(node, connection, 1);
    }

    @Test
    @DisplayName("our reset; the connection lives on")
    void resets() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());
        byte[] text = "a".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        var stream = OurNode.await(connection.openStream(
                OurNode.ECHO,
                opened -> opened.channel()
                        .writeAndFlush(opened.channel().alloc().buffer().writeBytes(text))));
        stream.reset();

        echo(node, connection, 100_000);
    }

    @Test
    @DisplayName("a protocol that they do not speak")
    void seesThatAProtocolIsNotSpoken() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());

        Throwable failure = OurNode.failure(node.request(connection, new ProtocolId("/no/such/1.0.0"), 10));

        assertThat(failure).isInstanceOf(UnsupportedProtocolException.class);
        echo(node, connection, 1);
    }

    @Test
    @DisplayName("the second of two protocols")
    void agreesOnTheSecondProtocol() {
        OurNode node = node(HostConfig.defaults());
        RequestHandler request = echoRequest(1_000);

        var stream = OurNode.await(node.dial(listener.address())
                .openStream(
                        List.of(new ProtocolId("/no/such/1.0.0"), OurNode.ECHO),
                        opened -> opened.pipeline().addLast(request)));

        assertThat(stream.protocol()).isEqualTo(OurNode.ECHO);
        isEcho(OurNode.await(request.answer()));
    }

    @Test
    @DisplayName("early muxer negotiation, if the peer tells")
    void agreesOnTheMuxerEarly() {
        OurNode node = node(HostConfig.defaults());

        node.dial(listener.address());
        JsonLine connected = listener.awaitEvent("connected", node);

        if (peer == Peers.GO) { // the one that tells
            assertThat(connected.members()).containsEntry("earlyMuxer", true);
        }
    }

    @Test
    @DisplayName("our early muxer negotiation off")
    void agreesOnTheMuxerLate() {
        OurNode node = node(HostConfig.builder().earlyMuxerNegotiation(false).build());

        echo(node, node.dial(listener.address()), 100_000);

        JsonLine connected = listener.awaitEvent("connected", node);
        if (peer == Peers.GO) { // the one that tells
            assertThat(connected.members()).containsEntry("earlyMuxer", false);
        }
    }

    @Test
    @DisplayName("pipelining off")
    void worksWithoutPipelining() {
        OurNode node = node(HostConfig.builder().pipelining(false).build());

        echo(node, node.dial(listener.address()), 100_000);
    }

    @Test
    @DisplayName("pipelining and early muxer negotiation off")
    void worksWithoutEither() {
        OurNode node = node(HostConfig.builder()
                .pipelining(false)
                .earlyMuxerNegotiation(false)
                .build());

        echo(node, node.dial(listener.address()), 100_000);
    }

    @ParameterizedTest(name = "our key is {0}")
    @EnumSource(value = KeyType.class, names = "ED25519", mode = EnumSource.Mode.EXCLUDE)
    void provesEveryTypeOfKey(KeyType type) {
        assumeFalse(peer == Peers.JS && type == KeyType.ECDSA, "js-libp2p has no ECDSA keys");
        OurNode node = OurNode.start(HostConfig.defaults(), PrivateKey.generate(type));
        nodes.add(node);

        echo(node, node.dial(listener.address()), 1_000);
    }

    @Test
    @DisplayName("node info")
    void shakesHands() throws InterruptedException {
        OurNode node = nodeOn(OurNode.NETWORK);

        node.dial(listener.address());
        HandshakeEvent.Completed ours = node.awaitHandshake(HandshakeEvent.Completed.class);
        JsonLine theirs = listener.awaitEvent("handshake", node);

        assertThat(ours.initiatedByUs()).isTrue();
        assertThat(ours.theirInfo().networkId()).isEqualTo(OurNode.NETWORK);
        assertThat(ours.theirInfo().metadata().map(Metadata::nodeVersion)).contains(peer + "-libp2p-peer");
        assertThat(theirs.ok()).as("%s", theirs).isTrue();
        assertThat(theirs.object("metadata").text("NodeVersion")).isEqualTo(OurNode.NODE_VERSION);
    }

    @Test
    @DisplayName("node info of another network")
    void refusesAnotherNetwork() throws InterruptedException {
        OurNode node = nodeOn(OurNode.OTHER_NETWORK);

        Connection connection = node.dial(listener.address());
        HandshakeEvent.Failed ours = node.awaitHandshake(HandshakeEvent.Failed.class);
        JsonLine theirs = listener.awaitEvent("handshake", node);

        assertThat(ours.reason()).isEqualTo(new FailureReason.NetworkMismatch(OurNode.OTHER_NETWORK, OurNode.NETWORK));
        assertThat(theirs.ok()).as("%s", theirs).isFalse();
        assertThat(theirs.text("reason")).isEqualTo("network-mismatch");
        assertThat(theirs.text("networkId")).isEqualTo(OurNode.OTHER_NETWORK);
        OurNode.await(connection.closed());
    }

    @Test
    @DisplayName("node info signed by another key")
    void refusesAnotherSigner() throws InterruptedException {
        OurNode node = nodeOn(OurNode.NETWORK);
        try (RunningListener wrong = RunningListener.start(peer, "--wrong-signer")) {
            Connection connection = node.dial(wrong.address());

            assertThat(node.awaitHandshake(HandshakeEvent.Failed.class).reason())
                    .isInstanceOf(FailureReason.WrongSigner.class);
            OurNode.await(connection.closed());
        }
    }

    @Test
    @DisplayName("node info with a node that behaves as an SSV node")
    void shakesHandsWithAnSsvNode() throws InterruptedException {
        assumeTrue(peer == Peers.GO, "go alone");
        OurNode node = nodeOn(OurNode.NETWORK);
        try (RunningListener ssv = RunningListener.start(peer, "--ssv")) {
            node.dial(ssv.address());

            assertThat(node.awaitHandshake(HandshakeEvent.Completed.class).initiatedByUs())
                    .isTrue();
            JsonLine theirs = ssv.awaitEvent("handshake", node);
            assertThat(theirs.ok()).as("%s", theirs).isTrue();
        }
    }

    @Test
    @DisplayName("their stop")
    void seesThemStop() {
        OurNode node = node(HostConfig.defaults());
        RunningListener stopped = RunningListener.start(peer);
        Connection connection = node.dial(stopped.address());
        OurNode.await(node.identify().identify(connection));

        stopped.close();

        assertThat(OurNode.await(connection.closed()).reason()).isIn(CloseCause.Reason.REMOTE, CloseCause.Reason.ERROR);
    }

    @Test
    @DisplayName("our close")
    void closes() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());
        echo(node, connection, 1);

        CloseCause cause = OurNode.await(connection.close());
        listener.awaitEvent("disconnected", node);

        assertThat(cause.reason()).isEqualTo(CloseCause.Reason.LOCAL);
    }

    @Test
    @DisplayName("their close")
    void isClosed() {
        OurNode node = node(HostConfig.defaults());
        Connection connection = node.dial(listener.address());
        // Nothing may be under way: a socket that is closed with unread bytes resets the connection.
        OurNode.await(node.identify().identify(connection));
        listener.awaitEvent("identified", node);
        OurNode.await(connection.ping());

        listener.process().send("close " + node.host().peerId());

        CloseCause cause = OurNode.await(connection.closed());
        listener.awaitEvent("disconnected", node);
        if (peer == Peers.GO) { // it sets SO_LINGER to 0, so that each of its closes is a reset
            assertThat(cause.error()).isInstanceOf(IOException.class);
        } else {
            assertThat(cause.reason()).as("%s", cause).isEqualTo(CloseCause.Reason.REMOTE);
        }
    }

    private OurNode nodeOn(String networkId) {
        OurNode node = OurNode.startOnNetwork(networkId, forEarlyEnds());
        nodes.add(node);
        return node;
    }

    private OurNode node(HostConfig config) {
        OurNode node = OurNode.start(config);
        nodes.add(node);
        return node;
    }

    private void echo(OurNode node, Connection connection, int bytes) {
        isEcho(OurNode.await(node.request(connection, OurNode.ECHO, echoRequest(bytes))));
    }

    /**
     * An end that arrives together with the negotiation is too early for js-libp2p, now and then: what it has read ahead it pushes back
     * onto the stream, and resets that if its end has come meanwhile.
     */
    private RequestHandler echoRequest(int bytes) {
        return peer == Peers.JS ? RequestHandler.endingAfterTheFirstAnswer(bytes) : new RequestHandler(bytes);
    }

    /** For requests whose end does not wait for an answer: with js-libp2p nothing is sent before it has confirmed the protocol. */
    private HostConfig forEarlyEnds() {
        return HostConfig.builder().pipelining(peer != Peers.JS).build();
    }

    private static void isEcho(Answer answer) {
        assertThat(answer.received()).isEqualTo(answer.sent());
        assertThat(answer.receivedSha256()).isEqualTo(answer.sentSha256());
    }

    private static long mibPerSecond(long bytes, Duration time) {
        return Math.round(bytes / (double) (1 << 20) / (time.toNanos() / 1e9));
    }

    @Override
    public Peers peer() {
        return peer;
    }

    @Override
    public String direction() {
        return "we dial";
    }

    @Override
    public String lastLines() {
        return listener.process().lastOutput();
    }
}
