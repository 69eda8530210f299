package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.HandshakeFailedException;
import org.minip2p.noise.HandshakeFailedException.Reason;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.RawPeer;
import org.minip2p.noise.RemoteIdentityException;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.TestKeys;
import org.minip2p.noise.TransportState;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.netty.Pair.End;

@SuppressWarnings("FutureReturnValueIgnored")
class NoiseHandshakeHandlerTest {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private final NoiseIdentity alice = TestKeys.honest();
    private final NoiseIdentity bob = TestKeys.honest();

    private static void assertSecured(Pair pair) {
        assertThat(pair.initiator.failures).isEmpty();
        assertThat(pair.responder.failures).isEmpty();
        assertThat(pair.initiator.sessions).hasSize(1);
        assertThat(pair.responder.sessions).hasSize(1);
        for (End end : List.of(pair.initiator, pair.responder)) {
            assertThat(end.channel.pipeline().get(NoiseHandshakeHandler.class)).isNull();
            assertThat(end.transport()).isNotNull();
        }
    }

    private static void assertFailed(End end, Class<? extends Libp2pException> type) {
        assertThat(end.sessions).isEmpty();
        assertThat(end.failures).singleElement().isInstanceOf(type);
        assertThat(end.transport()).isNull();
        assertThat(end.channel.isOpen()).as("a stage never closes the channel").isTrue();

        // Later input has no effect, and nothing is written.
        end.sent();
        end.receive(new byte[1_000]);
        end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(end.sent()).isEmpty();
        assertThat(end.tail.received.size()).isZero();
        assertThat(end.failures).hasSize(1);
        end.close();
        assertThat(end.failures).hasSize(1);
    }

    private static void assertFailed(End end, Reason reason) {
        assertThat(end.failures)
                .singleElement()
                .asInstanceOf(type(HandshakeFailedException.class))
                .returns(reason, HandshakeFailedException::reason);
        assertFailed(end, HandshakeFailedException.class);
    }

    @Conforms("NOI-46")
    @Test
    void securesBothEnds() {
        try (Pair pair = new Pair(alice, bob, bob.peer()).pump()) {
            assertSecured(pair);
            assertThat(pair.initiator.sessions.get(0).remotePeer()).isEqualTo(bob.peer());
            assertThat(pair.responder.sessions.get(0).remotePeer()).isEqualTo(alice.peer());
            assertThat(pair.initiator.sessions.get(0).earlyMuxer()).contains("/yamux/1.0.0");
            assertThat(pair.responder.sessions.get(0).earlyMuxer()).contains("/yamux/1.0.0");
        }
    }

    @Test
    void securesBothEndsByteByByte() {
        try (Pair pair = new Pair(alice, bob, bob.peer()).pumpBytes()) {
            assertSecured(pair);
        }
    }

    @Test
    void theInitiatorSpeaksAtOnceAndTheResponderWaits() {
        try (Pair pair = new Pair(alice, bob)) {
            assertThat(pair.initiator.network.flushes).isEqualTo(1);
            assertThat(pair.initiator.sent()).hasSize(2 + 32).startsWith(0, 32);
            assertThat(pair.responder.network.writes).isZero();
        }
    }

    @Test
    void startsOnceWhenTheChannelBecomesActiveLater() throws Exception {
        AtomicBoolean isConnected = new AtomicBoolean();
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            public boolean isActive() {
                return isConnected.get() && super.isActive();
            }
        };
        channel.pipeline().addLast(new NoiseHandshakeHandler(alice, Role.INITIATOR, null, new NeverTold()));
        assertThat(channel.outboundMessages()).isEmpty();

        isConnected.set(true);
        channel.pipeline().fireChannelActive();
        channel.pipeline().fireChannelActive();

        assertThat(channel.outboundMessages()).hasSize(1);

        channel.pipeline().remove(NoiseHandshakeHandler.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void startsAtOnceOnAChannelThatIsActive() {
        EmbeddedChannel channel = new EmbeddedChannel();

        channel.pipeline().addLast(new NoiseHandshakeHandler(alice, Role.INITIATOR, null, new NeverTold()));

        assertThat(channel.outboundMessages()).hasSize(1);
        channel.pipeline().remove(NoiseHandshakeHandler.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void tellsWhatIsBehindItThatTheChannelIsActive() {
        try (Pair pair = new Pair(alice, bob)) {
            assertThat(pair.initiator.tail.isActive).isTrue();
            assertThat(pair.responder.tail.isActive).isTrue();
        }
    }

    /** The same on the other side. The next stage reads the bytes that follow the last message. */
    @Conforms("NOI-35")
    @Test
    void handsOverBytesThatAreGluedToTheLastMessage() {
        for (boolean inPieces : new boolean[] {false, true}) {
            try (Pair pair = new Pair(alice, bob, bob.peer())) {
                pair.initiator.greeting = HELLO;
                pair.responder.greeting = HELLO;
                if (inPieces) {
                    pair.pumpBytes();
                } else {
                    pair.pump();
                }

                assertSecured(pair);
                assertThat(pair.responder.tail.received.toByteArray()).isEqualTo(HELLO);
                // The responder had no handshake message left to send. The hand-over flushed its greeting.
                assertThat(pair.initiator.tail.received.toByteArray()).isEqualTo(HELLO);
            }
        }
    }

    @Test
    void theLastMessageAndWhatTheNextStageWritesLeaveInOneFlush() {
        try (Pair pair = new Pair(alice, bob)) {
            pair.initiator.greeting = HELLO;
            pair.responder.receive(pair.initiator.sent());
            int before = pair.initiator.network.flushes;

            pair.initiator.receive(pair.responder.sent());

            assertThat(pair.initiator.network.flushes).isEqualTo(before + 1);
            assertThat(pair.initiator.network.writes).isEqualTo(3);
            pair.responder.receive(pair.initiator.sent());
            assertThat(pair.responder.tail.received.toByteArray()).isEqualTo(HELLO);
        }
    }

    /**
     * A transport frame cannot follow message 2 directly. Frames that follow message 3 in the same segment must not be
     * lost.
     */
    @Test
    void readsManyFramesBehindMessage3InOneSegment() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        RawPeer peer = new RawPeer(Role.INITIATOR);
        End end = new End(bob, Role.RESPONDER, null);
        end.receive(peer.write(NOTHING));
        peer.read(end.sent());
        byte[] third =
                peer.write(TestKeys.payload(key.publicKey().encoded(), key.sign(TestKeys.signedBytes(peer.staticKey))));
        TransportState transport = peer.split();
        byte[] all = concat(third, RawPeer.seal(transport, HELLO), RawPeer.seal(transport, NOTHING));
        all = concat(all, RawPeer.seal(transport, HELLO));

        end.receive(all);

        assertThat(end.failures).isEmpty();
        assertThat(end.tail.received.toByteArray()).isEqualTo(concat(HELLO, HELLO));
        end.close();
    }

    @Conforms({"NOI-34", "NOI-45"})
    @Test
    void anotherPeerThanTheExpectedGetsNoMessage3() {
        Pair pair = new Pair(alice, bob, TestKeys.honest().peer());
        pair.responder.receive(pair.initiator.sent());

        pair.initiator.receive(pair.responder.sent());

        assertThat(pair.initiator.sent()).isEmpty();
        assertThat(pair.initiator.network.writes).isEqualTo(1);
        assertFailed(pair.initiator, PeerIdMismatchException.class);
        pair.responder.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertFailed(pair.responder, Reason.TRUNCATED);
    }

    /** Identities with invalid proofs. */
    static Stream<NoiseIdentity> forgeries() {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        PrivateKey other = PrivateKey.generate(KeyType.ED25519);
        KeyPair staticKey = TestKeys.staticKey();
        byte[] honest = key.sign(TestKeys.signedBytes(staticKey));
        byte[] tampered = honest.clone();
        tampered[5] ^= 1;
        byte[] otherPrefix = TestKeys.signedBytes(staticKey);
        otherPrefix[0] ^= 1;
        return Stream.of(
                TestKeys.forged(key.publicKey(), tampered, staticKey.copy()),
                TestKeys.forged(key.publicKey(), NOTHING, staticKey.copy()),
                TestKeys.forged(key.publicKey(), Arrays.copyOf(honest, 63), staticKey.copy()),
                TestKeys.forged(key.publicKey(), other.sign(TestKeys.signedBytes(staticKey)), staticKey.copy()),
                TestKeys.forged(other.publicKey(), honest, staticKey.copy()),
                TestKeys.forged(key.publicKey(), key.sign(otherPrefix), staticKey.copy()),
                TestKeys.forged(key.publicKey(), key.sign(staticKey.publicKey()), staticKey.copy()),
                // A payload of another peer, replayed with the attacker's own static key (NOI-42).
                TestKeys.forged(key.publicKey(), honest, TestKeys.staticKey()));
    }

    // SEC-18, SEC-19
    @Conforms({"NOI-41", "NOI-42", "NOI-43", "NOI-44"})
    @ParameterizedTest
    @MethodSource("forgeries")
    void anInitiatorRefusesAForgedIdentityAndSendsNoMessage3(NoiseIdentity forger) {
        Pair pair = new Pair(alice, forger);
        pair.responder.receive(pair.initiator.sent());

        pair.initiator.receive(pair.responder.sent());

        assertThat(pair.initiator.sent()).isEmpty();
        assertFailed(pair.initiator, RemoteIdentityException.class);
        pair.responder.close();
    }

    // SEC-18, SEC-19
    @Conforms({"NOI-41", "NOI-42", "NOI-43", "NOI-44", "NOI-50"})
    @ParameterizedTest
    @MethodSource("forgeries")
    void aResponderRefusesAForgedIdentityAndWhatFollowsIt(NoiseIdentity forger) {
        Pair pair = new Pair(forger, bob);
        pair.initiator.greeting = HELLO;

        pair.pump();

        assertThat(pair.responder.sent()).isEmpty();
        assertFailed(pair.responder, RemoteIdentityException.class);
        pair.initiator.close();
    }

    @Conforms("NOI-39")
    @Test
    void aResponderRefusesAPayloadInMessage1() throws Exception {
        End end = new End(bob, Role.RESPONDER, null);

        end.receive(new RawPeer(Role.INITIATOR).write(HELLO));

        assertThat(end.sent()).isEmpty();
        assertFailed(end, Reason.UNEXPECTED_PAYLOAD);
    }

    /** Messages 2 and 3 without a payload. */
    @Conforms({"NOI-40", "NOI-43"})
    @Test
    void refusesMessages2And3WithoutPayload() throws Exception {
        End initiator = new End(alice, Role.INITIATOR, null);
        RawPeer responding = new RawPeer(Role.RESPONDER);
        responding.read(initiator.sent());
        initiator.receive(responding.write(NOTHING));
        assertFailed(initiator, RemoteIdentityException.class);

        End responder = new End(bob, Role.RESPONDER, null);
        RawPeer initiating = new RawPeer(Role.INITIATOR);
        responder.receive(initiating.write(NOTHING));
        initiating.read(responder.sent());
        responder.receive(initiating.write(NOTHING));
        assertFailed(responder, RemoteIdentityException.class);
    }

    /** SEC-23: low order points are a clean failure, as the initiator's and as the responder's ephemeral key. */
    @Conforms("NOI-18")
    @Test
    void refusesKeysOfLowOrder() {
        for (String point : Vectors.load("noise-xx").texts("low_order_points")) {
            End responder = new End(bob, Role.RESPONDER, null);
            responder.receive(RawPeer.frame(HexFormat.of().parseHex(point)));
            assertThat(responder.sent()).isEmpty();
            assertFailed(responder, Reason.ZERO_SHARED_SECRET);

            End initiator = new End(alice, Role.INITIATOR, null);
            initiator.receive(RawPeer.frame(Arrays.copyOf(HexFormat.of().parseHex(point), 200)));
            assertFailed(initiator, Reason.ZERO_SHARED_SECRET);
        }
    }

    /** A length field of 65,535 and a message of that length. An unknown extension fills it. */
    @Conforms({"NOI-24", "NOI-25", "NOI-48"})
    @Test
    void readsTheLongestHandshakeMessage() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        RawPeer peer = new RawPeer(Role.RESPONDER);
        End end = new End(alice, Role.INITIATOR, null);
        peer.read(end.sent());
        byte[] proof = TestKeys.payload(key.publicKey().encoded(), key.sign(TestKeys.signedBytes(peer.staticKey)));
        int rest = 65_535 - 96 - proof.length - 5;
        byte[] unknown = new byte[5 + rest];
        // Field 1,000, and a length of three bytes.
        unknown[0] = (byte) 0xc2;
        unknown[1] = 0x3e;
        unknown[2] = (byte) (rest | 0x80);
        unknown[3] = (byte) ((rest >>> 7) | 0x80);
        unknown[4] = (byte) (rest >>> 14);

        byte[] second = peer.write(concat(proof, unknown));
        end.receive(second);

        assertThat(second).hasSize(2 + 65_535).startsWith(0xff, 0xff);
        assertThat(end.failures).isEmpty();
        assertThat(end.sessions).hasSize(1);
        end.close();
    }

    @Conforms({"NOI-24", "NOI-31"})
    @Test
    void judgesFramesAsTheVectorsDo() {
        for (Vectors vector : Vectors.load("noise-xx").list("framing")) {
            if (vector.text("note").contains("transport message shorter")) {
                continue; // this case is in NoiseTransportHandlerTest
            }
            End end = new End(bob, Role.RESPONDER, null);
            end.receive(vector.hex("frame"));
            if (vector.flag("accept")) {
                assertThat(end.failures).isEmpty();
                assertThat(end.sent()).isNotEmpty();
                end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                assertFailed(end, Reason.TRUNCATED);
            } else {
                end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                assertThat(end.sent()).isEmpty();
                assertFailed(end, HandshakeFailedException.class);
            }
        }
    }

    /** An end of the input is a failure at every byte of a handshake. */
    @Conforms("NOI-32")
    @Test
    void anEndOfTheInputAtAnyByteIsAFailure() {
        for (int cut = 0; cut < 34; cut++) {
            Pair pair = new Pair(alice, bob);
            pair.responder.receive(Arrays.copyOf(pair.initiator.sent(), cut));
            pair.responder.channel.close();
            assertThat(pair.responder.sessions).isEmpty();
            assertThat(pair.responder.failures)
                    .singleElement()
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.TRUNCATED, HandshakeFailedException::reason);
            pair.close();
        }
        Pair whole = new Pair(alice, bob);
        whole.responder.receive(whole.initiator.sent());
        int length = whole.responder.sent().length;
        whole.close();
        for (int cut = 0; cut < length; cut++) {
            Pair pair = new Pair(alice, bob);
            pair.responder.receive(pair.initiator.sent());
            pair.initiator.receive(Arrays.copyOf(pair.responder.sent(), cut));
            pair.initiator.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(pair.initiator.sent()).isEmpty();
            assertFailed(pair.initiator, Reason.TRUNCATED);
            pair.responder.close();
        }
    }

    /** The whole message is the two bytes of its length. The stage does not wait for more. */
    @Conforms("NOI-31")
    @Test
    void refusesAnEmptyMessageAtOnce() {
        End end = new End(bob, Role.RESPONDER, null);

        end.receive(new byte[] {0, 0});

        assertFailed(end, Reason.MESSAGE_TOO_SHORT);
    }

    @Test
    void aFailedConnectionIsAFailure() {
        IOException reset = new IOException("reset by peer");
        for (Throwable caught : List.of(reset, new DecoderException(reset))) {
            End end = new End(alice, Role.INITIATOR, null);

            end.channel.pipeline().fireExceptionCaught(caught);

            assertThat(end.failures).singleElement().returns(reset, Throwable::getCause);
            assertFailed(end, Reason.CONNECTION_FAILED);
        }
    }

    /** Our own faults are logged for the operator. Failures of the network are not. */
    @Test
    void logsAFaultOfOurOwnAndNoOther() {
        RuntimeException fault = new IllegalStateException("a fault of our own");
        DecoderException alone = new DecoderException("without a cause");

        assertThat(logOf(new IOException("reset by peer"))).isEmpty();
        assertThat(logOf(new DecoderException(new IOException("reset by peer"))))
                .isEmpty();
        assertThat(logOf(fault)).contains("ERROR", "stage=noise-handshake", "state=RUNNING", "a fault of our own");
        assertThat(logOf(new DecoderException(fault))).contains("ERROR", "a fault of our own");
        assertThat(logOf(alone)).contains("ERROR", "without a cause");
    }

    @Test
    void logsAnErrorOfThePlatformAndPassesItOn() {
        End end = new End(alice, Role.INITIATOR, null);
        OutOfMemoryError error = new OutOfMemoryError("injected");

        String log = logOf(end, error);

        assertThat(log).contains("ERROR", "injected");
        assertThatThrownBy(end.channel::checkException).isSameAs(error);
        assertFailed(end, Reason.CONNECTION_FAILED);
    }

    private String logOf(Throwable caught) {
        End end = new End(alice, Role.INITIATOR, null);
        String log = logOf(end, caught);
        assertFailed(end, Reason.CONNECTION_FAILED);
        return log;
    }

    private static String logOf(End end, Throwable caught) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            end.channel.pipeline().fireExceptionCaught(caught);
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aClosedIdentityStartsNoHandshakeButEndsTheOneUnderWay() {
        try (Pair pair = new Pair(alice, bob)) {
            alice.close();
            pair.pump();
            assertSecured(pair);
        }
    }

    @Test
    void removingItReleasesWhatItHolds() {
        End end = new End(bob, Role.RESPONDER, null);
        end.receive(new byte[] {0, 32, 1});

        end.channel.pipeline().remove(NoiseHandshakeHandler.class);

        assertThat(end.tail.received.toByteArray()).containsExactly(0, 32, 1);
        end.close();
    }

    @Test
    void aListenerThatClosesTheChannelAtOnceLeavesNothingBehind() {
        List<SecureSession> sessions = new ArrayList<>();
        SecureChannelListener closing = new SecureChannelListener() {
            @Override
            public void secured(ChannelHandlerContext ctx, SecureSession session) {
                sessions.add(session);
                ctx.channel().writeAndFlush(Unpooled.copiedBuffer(HELLO));
                ctx.channel().close();
            }

            @Override
            public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
                throw new AssertionError(cause);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(new NoiseHandshakeHandler(alice, Role.INITIATOR, null, closing));
        End responder = new End(bob, Role.RESPONDER, null);
        responder.receive(bytes(channel));
        channel.writeInbound(Unpooled.copiedBuffer(responder.sent()));

        responder.receive(bytes(channel));

        assertThat(sessions).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(responder.tail.received.toByteArray()).isEqualTo(HELLO);
        responder.close();
        channel.finishAndReleaseAll();
    }

    private static byte[] bytes(EmbeddedChannel channel) {
        byte[] all = NOTHING;
        for (io.netty.buffer.ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            all = concat(all, bytes);
        }
        return all;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static final class NeverTold implements SecureChannelListener {
        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            throw new AssertionError("secured " + session);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            throw new AssertionError(cause);
        }
    }
}
