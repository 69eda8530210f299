package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;

/** Each peer dials our node. */
@ParameterizedClass(name = "{0}")
@EnumSource(Peers.class)
@ExtendWith(MatrixTable.class)
@Timeout(60)
class TheyDialIT implements MatrixCell {
    private static final Listeners LISTENERS = new Listeners();

    private final Peers peer;
    private final List<OurNode> nodes = new ArrayList<>();
    private String lastLines = "";

    TheyDialIT(Peers peer) {
        Built.assume(peer);
        this.peer = peer;
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
    @DisplayName("ping")
    void isPinged() {
        JsonLine result = dials(node(HostConfig.defaults()), "ping", "--count", "3");

        assertThat(result.number("rttMicrosP50")).isPositive();
    }

    @Test
    @DisplayName("identify, both ways")
    void isIdentified() {
        OurNode node = node(HostConfig.defaults());

        JsonLine ours = dials(node, "identify");

        assertThat(ours.text("agentVersion")).isEqualTo(OurNode.AGENT_VERSION);
        assertThat(ours.texts("protocols")).contains("/ipfs/ping/1.0.0", "/ipfs/id/1.0.0", "/echo/1.0.0");
        assertThat(ours.texts("listenAddresses").toString()).contains(node.addressWithoutPeerId());
        assertThat(ours.text("observedAddress")).startsWith("/ip4/127.0.0.1/tcp/");
    }

    @Test
    @DisplayName("identify push")
    void takesAPush() throws InterruptedException {
        OurNode node = node(HostConfig.defaults());
        try (PeerProcess process = peer.startDial(node.address(), "push")) {
            PeerId dialer = node.awaitEvent(HostEvent.ConnectionEstablished.class)
                    .connection()
                    .remotePeer();

            OurNode.eventually(
                    "the pushed protocol is known",
                    () -> node.identify()
                            .known(dialer)
                            .filter(info -> info.protocols().contains(OurNode.PUSHED))
                            .isPresent());
            lastLines = process.lastOutput();
        }
    }

    @ParameterizedTest(name = "echo of {0} bytes")
    @ValueSource(ints = {1, 65_519, 65_520, 5 << 20})
    void echoes(int bytes) {
        JsonLine result = dials(node(HostConfig.defaults()), "echo", "--size", Integer.toString(bytes));

        assertThat(result.number("bytes")).isEqualTo(bytes);
        assertThat(result.text("sha256")).hasSize(64);
    }

    @Test
    @DisplayName("half-close after 1 MiB, then the answer")
    void answersAfterTheHalfClose() {
        dials(node(HostConfig.defaults()), "half", "--size", "1048576");
    }

    @Test
    @DisplayName("perf, 64 MiB up and 64 MiB down")
    void isMeasured() {
        JsonLine result = dials(node(HostConfig.defaults()), "perf", "--upload", "67108864", "--download", "67108864");

        assertThat(result.decimal("uploadMibPerSecond")).isPositive();
        assertThat(result.decimal("downloadMibPerSecond")).isPositive();
        MatrixTable.note(
                this,
                "up " + Math.round(result.decimal("uploadMibPerSecond")) + " MiB/s, down "
                        + Math.round(result.decimal("downloadMibPerSecond")) + " MiB/s");
    }

    @Test
    @DisplayName("another peer id in the address")
    void isNotTheirPeer() throws InterruptedException {
        OurNode node = node(HostConfig.defaults());
        PeerId other = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

        JsonLine result = dial(
                Multiaddr.parse(node.address())
                        .withoutPeerId()
                        .withPeerId(other)
                        .toString(),
                "ping");

        assertThat(result.ok()).as("%s", result).isFalse();
        // rust-libp2p finishes the upgrade before it compares the peer id, so that its connection comes up and closes.
        node.awaitEvent(event ->
                event instanceof HostEvent.IncomingConnectionFailed || event instanceof HostEvent.ConnectionClosed);
        assertThat(node.host().connections()).isEmpty();
    }

    @Test
    @DisplayName("100 streams at once, 10,000 bytes each")
    void servesAHundredStreamsAtOnce() {
        JsonLine result = dials(node(HostConfig.defaults()), "echo", "--size", "10000", "--streams", "100");

        assertThat(result.number("bytes")).isEqualTo(1_000_000);
    }

    @Test
    @DisplayName("200 streams one after the other")
    void servesTwoHundredStreamsInTurn() {
        JsonLine result = dials(node(HostConfig.defaults()), "echo", "--size", "1000", "--count", "200");

        assertThat(result.number("bytes")).isEqualTo(200_000);
    }

    @Test
    @DisplayName("our reset")
    void resets() {
        JsonLine result = dials(node(HostConfig.defaults()), "reset");

        assertThat(result.members()).containsEntry("reset", true);
    }

    @Test
    @DisplayName("their reset in the middle; the connection lives on")
    void isReset() {
        dials(node(HostConfig.defaults()), "abort", "--size", "100000");
    }

    @Test
    @DisplayName("a stream held silently for 1 s")
    void keepsASilentStream() {
        dials(node(HostConfig.defaults()), "hold", "--seconds", "1");
    }

    @Test
    @DisplayName("our early muxer negotiation off")
    void agreesOnTheMuxerLate() {
        dials(node(HostConfig.builder().earlyMuxerNegotiation(false).build()), "echo", "--size", "100000");
    }

    @Test
    @DisplayName("their early muxer negotiation off")
    void agreesOnTheMuxerLateWhenTheyDo() {
        dials(node(HostConfig.defaults()), "echo", "--size", "100000", "--no-early-muxer");
    }

    @Test
    @DisplayName("pipelining off")
    void worksWithoutPipelining() {
        dials(node(HostConfig.builder().pipelining(false).build()), "echo", "--size", "100000");
    }

    @ParameterizedTest(name = "their key is {0}")
    @EnumSource(value = KeyType.class, names = "ED25519", mode = EnumSource.Mode.EXCLUDE)
    void believesEveryTypeOfKey(KeyType type) {
        assumeFalse(peer == Peers.JS && type == KeyType.ECDSA, "js-libp2p has no ECDSA keys");
        assumeFalse(peer == Peers.RUST && type == KeyType.RSA, "the rust peer makes no RSA keys");

        dials(node(HostConfig.defaults()), "ping", "--key-type", type.name().toLowerCase(Locale.ROOT));
    }

    @Test
    @DisplayName("5 MiB, frames as large as the window")
    void takesFramesAsLargeAsTheWindow() {
        assumeTrue(peer == Peers.JS, "js-libp2p alone writes such frames");

        JsonLine result = dials(node(HostConfig.defaults()), "echo", "--size", "5242880", "--stock-writers");

        assertThat(result.number("bytes")).isEqualTo(5 << 20);
    }

    @Test
    @DisplayName("node info")
    void shakesHands() throws InterruptedException {
        OurNode node = nodeOn(OurNode.NETWORK);

        JsonLine theirs = dials(node, "handshake");
        HandshakeEvent.Completed ours = node.awaitHandshake(HandshakeEvent.Completed.class);

        assertThat(theirs.text("networkId")).isEqualTo(OurNode.NETWORK);
        assertThat(theirs.object("metadata").text("NodeVersion")).isEqualTo(OurNode.NODE_VERSION);
        assertThat(ours.initiatedByUs()).isFalse();
        assertThat(ours.theirInfo().metadata().map(Metadata::nodeVersion)).contains(peer + "-libp2p-peer");
    }

    @Test
    @DisplayName("node info of another network")
    void refusesAnotherNetwork() throws InterruptedException {
        OurNode node = nodeOn(OurNode.NETWORK);

        JsonLine theirs = dial(node.address(), "handshake", "--network-id", OurNode.OTHER_NETWORK);
        HandshakeEvent.Failed ours = node.awaitHandshake(HandshakeEvent.Failed.class);

        assertThat(theirs.ok()).as("%s", theirs).isFalse();
        assertThat(theirs.text("reason")).as("%s", theirs).isEqualTo("network-mismatch");
        assertThat(ours.reason()).isEqualTo(new FailureReason.NetworkMismatch(OurNode.NETWORK, OurNode.OTHER_NETWORK));
    }

    @Test
    @DisplayName("node info signed by another key")
    void refusesAnotherSigner() throws InterruptedException {
        OurNode node = nodeOn(OurNode.NETWORK);

        JsonLine theirs = dial(node.address(), "handshake", "--wrong-signer");
        HandshakeEvent.Failed ours = node.awaitHandshake(HandshakeEvent.Failed.class);

        assertThat(theirs.ok()).as("%s", theirs).isFalse();
        assertThat(ours.reason()).isInstanceOf(FailureReason.WrongSigner.class);
    }

    @Test
    @DisplayName("a protocol that we do not speak")
    void tellsThatAProtocolIsNotSpoken() {
        JsonLine theirs = dial(node(HostConfig.defaults()).address(), "handshake");

        assertThat(theirs.ok()).as("%s", theirs).isFalse();
        assertThat(theirs.text("reason")).as("%s", theirs).isEqualTo("unsupported-protocol");
    }

    @Test
    @DisplayName("node info with a node that starts it by itself")
    void shakesHandsWithANodeThatStarts() throws InterruptedException {
        assumeTrue(peer != Peers.JS, "the js peer starts none");
        OurNode node = nodeOn(OurNode.NETWORK);
        try (RunningListener dialer = RunningListener.start(peer, peer == Peers.GO ? "--ssv" : "--auto-handshake")) {
            dialer.process().send("dial " + node.address());

            assertThat(node.awaitHandshake(HandshakeEvent.Completed.class).initiatedByUs())
                    .isFalse();
            JsonLine theirs = dialer.awaitEvent("handshake", node);
            assertThat(theirs.ok()).as("%s", theirs).isTrue();
        }
    }

    @Test
    @DisplayName("our close")
    void closes() throws InterruptedException {
        OurNode node = node(HostConfig.defaults());
        RunningListener dialer = LISTENERS.get(peer);
        dialer.process().send("dial " + node.address());
        Connection connection =
                node.awaitEvent(HostEvent.ConnectionEstablished.class).connection();
        assertThat(OurNode.await(node.ping().ping(connection))).isPositive();

        CloseCause cause = OurNode.await(connection.close());

        assertThat(cause.reason()).isEqualTo(CloseCause.Reason.LOCAL);
        dialer.awaitEvent("disconnected", node);
    }

    @Test
    @DisplayName("their close")
    void isClosed() throws InterruptedException {
        OurNode node = node(HostConfig.defaults());
        RunningListener dialer = LISTENERS.get(peer);
        dialer.process().send("dial " + node.address());
        Connection connection =
                node.awaitEvent(HostEvent.ConnectionEstablished.class).connection();
        // Nothing may be under way: a socket that is closed with unread bytes resets the connection.
        OurNode.await(node.identify().identify(connection));
        dialer.awaitEvent("identified", node);
        OurNode.await(connection.ping());

        dialer.process().send("close " + node.host().peerId());

        CloseCause cause = OurNode.await(connection.closed());
        dialer.awaitEvent("disconnected", node);
        if (peer == Peers.GO) { // it sets SO_LINGER to 0, so that each of its closes is a reset
            assertThat(cause.error()).isInstanceOf(IOException.class);
        } else {
            assertThat(cause.reason()).as("%s", cause).isEqualTo(CloseCause.Reason.REMOTE);
        }
    }

    private OurNode nodeOn(String networkId) {
        OurNode node = OurNode.startOnNetwork(networkId, HostConfig.defaults());
        nodes.add(node);
        return node;
    }

    private OurNode node(HostConfig config) {
        OurNode node = OurNode.start(config);
        nodes.add(node);
        return node;
    }

    /** An operation of the peer on our node that must go well. */
    private JsonLine dials(OurNode node, String operation, String... options) {
        JsonLine result = dial(node.address(), operation, options);
        assertThat(result.ok()).as("%s", result).isTrue();
        return result;
    }

    private JsonLine dial(String address, String operation, String... options) {
        try (PeerProcess process = peer.startDial(address, operation, options)) {
            try {
                return process.awaitResult(Peers.OPERATION);
            } finally {
                lastLines = process.lastOutput();
            }
        }
    }

    @Override
    public Peers peer() {
        return peer;
    }

    @Override
    public String direction() {
        return "they dial";
    }

    @Override
    public String lastLines() {
        return lastLines;
    }
}
