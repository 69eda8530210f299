package org.minip2p.multistream.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.multistream.MultistreamConfig;

/** Both ends in memory, connected to each other. */
class PairTest {
    private static final ProtocolId TLS = new ProtocolId("/tls/1.0.0");
    private static final ProtocolId NOISE = new ProtocolId("/noise");

    private static final int IN_ONE_PIECE = 10_000;

    private final Recorder left = new Recorder();
    private final Recorder right = new Recorder();
    private @Nullable Pair pair;

    @AfterEach
    void close() {
        if (pair != null) {
            pair.left.finishAndReleaseAll();
            pair.right.finishAndReleaseAll();
        }
    }

    static Iterable<Vectors> dialogues() {
        return Vectors.load("multistream-select").list("dialogues");
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    @Conforms({"MSS-2", "MSS-3", "MSS-4", "MSS-6", "MSS-7", "MSS-8", "MSS-9", "MSS-10", "MSS-20", "MSS-23"})
    @DisplayName("an initiator and a responder exchange the dialogues of the vectors, byte for byte")
    void speaksTheDialoguesOfTheVectors(Vectors dialogue) {
        boolean isOptimistic = dialogue.text("name").startsWith("optimistic");
        left.writing(isOptimistic ? new byte[32] : new byte[0]);
        right.writing(isOptimistic ? new byte[32] : new byte[0]);
        List<ProtocolId> proposals = proposals(dialogue);

        Pair joined = join(
                isOptimistic
                        ? MultistreamInitiator.lazy(proposals.get(0), left)
                        : MultistreamInitiator.waiting(proposals, left),
                responder(protocol -> dialogue.text("result", "").equals(protocol.value())),
                IN_ONE_PIECE);

        assertThat(joined.fromLeft.toByteArray()).isEqualTo(sentBy(">", dialogue));
        assertThat(joined.fromRight.toByteArray()).isEqualTo(sentBy("<", dialogue));
        if (dialogue.has("result")) {
            assertThat(left.log).contains("negotiated " + dialogue.text("result"));
            assertThat(right.log).contains("negotiated " + dialogue.text("result"));
        } else {
            assertThat(left.failure()).isInstanceOf(UnsupportedProtocolException.class);
        }
        if (isOptimistic) {
            assertThat(left.received()).isEqualTo(new byte[32]);
            assertThat(right.received()).isEqualTo(new byte[32]);
        }
    }

    @ParameterizedTest
    @Conforms({"MSS-20", "MSS-21"})
    @DisplayName("SEC-73: both ends agree and exchange their first bytes, in pieces of any size")
    @ValueSource(ints = {1, 2, 19, 20, 1000})
    void agreesInPiecesOfAnySize(int pieceBytes) {
        left.writing((byte) 1, (byte) 2, (byte) 3);
        right.writing((byte) 4, (byte) 5, (byte) 6);

        join(MultistreamInitiator.waiting(List.of(TLS, NOISE), left), responder(NOISE::equals), pieceBytes);

        assertThat(left.log).startsWith("negotiated /noise");
        assertThat(right.log).startsWith("negotiated /noise");
        assertThat(left.received()).containsExactly(4, 5, 6);
        assertThat(right.received()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @Conforms({"MSS-30", "MSS-31"})
    @DisplayName("a lazy initiator's first bytes come after its proposal, in pieces of any size")
    @ValueSource(ints = {1, 2, 19, 20, 1000})
    void agreesLazilyInPiecesOfAnySize(int pieceBytes) {
        left.writing((byte) 1, (byte) 2, (byte) 3);
        right.writing((byte) 4, (byte) 5, (byte) 6);

        join(MultistreamInitiator.lazy(NOISE, left), responder(NOISE::equals), pieceBytes);

        assertThat(left.log).startsWith("negotiated /noise", "confirmed /noise");
        assertThat(left.received()).containsExactly(4, 5, 6);
        assertThat(right.received()).containsExactly(1, 2, 3);
    }

    @Test
    @Conforms({"MSS-32", "MSS-35"})
    @DisplayName("a refused lazy initiator and its responder both end with 'not supported'")
    void endsLazilyWithoutACommonProtocol() {
        left.writing(new byte[32]);

        join(MultistreamInitiator.lazy(TLS, left), responder(NOISE::equals), IN_ONE_PIECE);

        assertThat(left.failure()).isInstanceOf(UnsupportedProtocolException.class);
        assertThat(right.failure()).isInstanceOf(UnsupportedProtocolException.class);
        assertThat(left.received()).isEmpty();
        assertThat(right.received()).isEmpty();
    }

    @Test
    @Conforms("MSS-38")
    @DisplayName("two initiators with different proposals both fail")
    void failsBetweenTwoInitiators() {
        join(
                MultistreamInitiator.waiting(List.of(TLS), left),
                MultistreamInitiator.waiting(List.of(NOISE), right),
                IN_ONE_PIECE);

        assertThat(left.failure()).isInstanceOf(NegotiationFailedException.class);
        assertThat(right.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @Conforms("MSS-38")
    @DisplayName(
            "two initiators with one proposal take it for the echo, and the next layer gets the other's first bytes")
    void doesNotHangBetweenTwoInitiatorsOfOneMind() {
        left.writing((byte) 1);
        right.writing((byte) 2);

        join(MultistreamInitiator.waiting(List.of(NOISE), left), MultistreamInitiator.lazy(NOISE, right), IN_ONE_PIECE);

        assertThat(left.log).containsExactly("negotiated /noise", "data 02");
        assertThat(right.log).containsExactly("negotiated /noise", "confirmed /noise", "data 01");
    }

    @Test
    @DisplayName("two responders silently wait for each other; only the owner's deadline ends this (MSS-26)")
    void twoRespondersSayNothing() {
        Pair joined = join(
                responder(NOISE::equals),
                new MultistreamResponder(NOISE::equals, MultistreamConfig.defaults(), left),
                IN_ONE_PIECE);

        assertThat(joined.fromLeft.size()).isZero();
        assertThat(joined.fromRight.size()).isZero();
        assertThat(left.log).isEmpty();
    }

    private MultistreamResponder responder(Predicate<ProtocolId> supports) {
        return new MultistreamResponder(supports, MultistreamConfig.defaults(), right);
    }

    private Pair join(MultistreamStage leftStage, MultistreamStage rightStage, int pieceBytes) {
        Pair joined = new Pair(new EmbeddedChannel(leftStage), new EmbeddedChannel(rightStage));
        pair = joined;
        joined.exchange(pieceBytes);
        return joined;
    }

    private static List<ProtocolId> proposals(Vectors dialogue) {
        return switch (dialogue.text("name")) {
            case "second proposal accepted" -> List.of(TLS, NOISE);
            case "nothing in common" -> List.of(TLS);
            default -> List.of(new ProtocolId(dialogue.text("result")));
        };
    }

    private static byte[] sentBy(String side, Vectors dialogue) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dialogue.list("steps").stream().filter(step -> step.has(side)).forEach(step -> out.writeBytes(step.hex(side)));
        return out.toByteArray();
    }

    private record Pair(
            EmbeddedChannel left,
            EmbeddedChannel right,
            ByteArrayOutputStream fromLeft,
            ByteArrayOutputStream fromRight) {
        Pair(EmbeddedChannel left, EmbeddedChannel right) {
            this(left, right, new ByteArrayOutputStream(), new ByteArrayOutputStream());
        }

        /** Carries the bytes of each end to the other until neither sends any more. */
        void exchange(int pieceBytes) {
            int carried;
            do {
                carried = carry(left, right, fromLeft, pieceBytes) + carry(right, left, fromRight, pieceBytes);
            } while (carried > 0);
        }

        private static int carry(
                EmbeddedChannel from, EmbeddedChannel to, ByteArrayOutputStream record, int pieceBytes) {
            byte[] bytes = Wires.sent(from);
            record.writeBytes(bytes);
            Wires.receiveInPieces(to, bytes, pieceBytes);
            return bytes.length;
        }
    }
}
