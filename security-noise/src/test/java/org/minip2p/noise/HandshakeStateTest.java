package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.HandshakeFailedException.Reason;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;

class HandshakeStateTest {
    private static final byte[] NOTHING = new byte[0];
    private static final NoiseCrypto CRYPTO = NoiseCrypto.standard();

    private final HandshakeState initiator = state(Role.INITIATOR, NOTHING);
    private final HandshakeState responder = state(Role.RESPONDER, NOTHING);

    private static HandshakeState state(Role role, byte[] prologue) {
        return new HandshakeState(CRYPTO, role, prologue, CRYPTO.x25519().generate());
    }

    static Stream<Arguments> vectorsAndCrypto() {
        return Vectors.load("noise-xx").list("vectors").stream()
                .flatMap(vector -> Stream.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle())
                        .map(crypto -> Arguments.of(vector, crypto)));
    }

    private static HandshakeState state(Vectors vector, NoiseCrypto crypto, Role role, String prefix) {
        KeyPair ephemeral = crypto.x25519().keyPair(vector.hex(prefix + "_ephemeral"));
        KeyPair fixed = crypto.x25519().keyPair(vector.hex(prefix + "_static"));
        NoiseCrypto generating = FixedNoise.generating(crypto, () -> ephemeral);
        return new HandshakeState(generating, role, vector.hex(prefix + "_prologue"), fixed);
    }

    @Conforms({"NOI-2", "NOI-3", "NOI-6", "NOI-7", "NOI-8", "NOI-9", "NOI-10", "NOI-11", "NOI-12", "NOI-13"})
    @ParameterizedTest
    @MethodSource("vectorsAndCrypto")
    void reproducesTheVectorsByteForByte(Vectors vector, NoiseCrypto crypto) throws Exception {
        assertThat(vector.text("protocol_name")).isEqualTo(HandshakeState.PROTOCOL_NAME);
        HandshakeState writer = state(vector, crypto, Role.INITIATOR, "init");
        HandshakeState reader = state(vector, crypto, Role.RESPONDER, "resp");
        List<Vectors> messages = new ArrayList<>(vector.list("messages"));

        HandshakeState first = writer;
        for (Vectors message : messages.subList(0, 3)) {
            byte[] sent = writer.writeMessage(message.hex("payload"));
            assertThat(sent).isEqualTo(message.hex("ciphertext"));
            assertThat(reader.readMessage(sent)).isEqualTo(message.hex("payload"));
            HandshakeState swap = writer;
            writer = reader;
            reader = swap;
        }
        TransportState initiator = first.split();
        TransportState responder = (first == writer ? reader : writer).split();

        assertThat(initiator.handshakeHash()).isEqualTo(responder.handshakeHash());
        if (vector.has("handshake_hash")) {
            assertThat(initiator.handshakeHash()).isEqualTo(vector.hex("handshake_hash"));
        }
        TransportState sender = responder;
        TransportState receiver = initiator;
        for (Vectors message : messages.subList(3, messages.size())) {
            byte[] payload = message.hex("payload");
            byte[] sealed = Arrays.copyOf(payload, payload.length + CipherState.TAG_BYTES);
            sender.send().encrypt(sealed, 0, payload.length);
            assertThat(sealed).isEqualTo(message.hex("ciphertext"));
            receiver.receive().decrypt(sealed, 0, sealed.length);
            assertThat(Arrays.copyOf(sealed, payload.length)).isEqualTo(payload);
            TransportState swap = sender;
            sender = receiver;
            receiver = swap;
        }
    }

    @Test
    void tellsEachSideTheOthersStaticKey() throws Exception {
        KeyPair key = CRYPTO.x25519().generate();
        HandshakeState known = new HandshakeState(CRYPTO, Role.INITIATOR, NOTHING, key);

        responder.readMessage(known.writeMessage(NOTHING));
        known.readMessage(responder.writeMessage(NOTHING));
        responder.readMessage(known.writeMessage(NOTHING));

        assertThat(responder.remoteStatic()).isEqualTo(key.publicKey());
    }

    @Conforms("NOI-14")
    @Test
    void usesANewEphemeralKeyForEverySession() throws Exception {
        KeyPair key = CRYPTO.x25519().generate();

        byte[] one = new HandshakeState(CRYPTO, Role.INITIATOR, NOTHING, key).writeMessage(NOTHING);
        byte[] other = new HandshakeState(CRYPTO, Role.INITIATOR, NOTHING, key).writeMessage(NOTHING);

        assertThat(one).hasSize(32).isNotEqualTo(other);
    }

    @Conforms("NOI-4")
    @Test
    void failsWhenTheProloguesDiffer() throws Exception {
        HandshakeState other = state(Role.RESPONDER, "other".getBytes(StandardCharsets.US_ASCII));
        other.readMessage(initiator.writeMessage(NOTHING));
        byte[] second = other.writeMessage(NOTHING);

        assertThatThrownBy(() -> initiator.readMessage(second))
                .asInstanceOf(type(HandshakeFailedException.class))
                .returns(Reason.BAD_TAG, HandshakeFailedException::reason);
    }

    /** The state does not change, so the whole message can be read afterwards. */
    @Conforms("NOI-31")
    @Test
    void refusesMessagesThatAreTooShort() throws Exception {
        byte[] first = initiator.writeMessage(NOTHING);
        refusesAllPrefixes(responder, first, 1, 32);
        responder.readMessage(first);

        byte[] second = responder.writeMessage(NOTHING);
        refusesAllPrefixes(initiator, second, 2, 96);
        initiator.readMessage(second);

        byte[] third = initiator.writeMessage(NOTHING);
        refusesAllPrefixes(responder, third, 3, 64);
        responder.readMessage(third);

        assertThat(responder.isComplete()).isTrue();
    }

    private static void refusesAllPrefixes(HandshakeState reader, byte[] message, int number, int least) {
        assertThat(message).hasSize(least);
        for (int length = 0; length < least; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThatThrownBy(() -> reader.readMessage(cut))
                    .hasMessage("handshake message %d has at least %d bytes, not %d", number, least, length)
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.MESSAGE_TOO_SHORT, HandshakeFailedException::reason);
        }
    }

    @Test
    void aFailedMessageLeavesTheStateAsItWas() throws Exception {
        responder.readMessage(initiator.writeMessage(NOTHING));
        byte[] second = responder.writeMessage(new byte[10]);
        refusesEveryFlippedByte(initiator, second, 2);
        initiator.readMessage(second);
        byte[] third = initiator.writeMessage(new byte[10]);
        refusesEveryFlippedByte(responder, third, 3);
        responder.readMessage(third);

        assertThat(initiator.split().handshakeHash())
                .isEqualTo(responder.split().handshakeHash());
    }

    private static void refusesEveryFlippedByte(HandshakeState reader, byte[] message, int number) {
        for (int i = 0; i < message.length; i++) {
            byte[] changed = message.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> reader.readMessage(changed))
                    .hasMessage("handshake message %d is not what the peer sent", number)
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.BAD_TAG, HandshakeFailedException::reason);
        }
    }

    /** The key agreement ignores the top bit, but the hash includes it. */
    @Conforms({"NOI-8", "NOI-19"})
    @Test
    void theHashCoversTheKeyAsReceived() throws Exception {
        byte[] first = initiator.writeMessage(NOTHING);
        first[31] |= (byte) 0x80;
        responder.readMessage(first);
        byte[] second = responder.writeMessage(NOTHING);

        assertThatThrownBy(() -> initiator.readMessage(second)).isInstanceOf(HandshakeFailedException.class);
    }

    /** A peer that sends its key with the top bit set computes the same secret as we do. */
    @Conforms("NOI-19")
    @Test
    void takesAnEphemeralKeyWithItsTopBitSet() throws Exception {
        KeyPair ephemeral = CRYPTO.x25519().generate();
        byte[] withTopBit = ephemeral.publicKey().clone();
        withTopBit[31] |= (byte) 0x80;
        KeyPair sent = new KeyPair(ephemeral.privateKey(), withTopBit);
        HandshakeState odd = new HandshakeState(
                FixedNoise.generating(CRYPTO, () -> sent),
                Role.INITIATOR,
                NOTHING,
                CRYPTO.x25519().generate());

        responder.readMessage(odd.writeMessage(NOTHING));
        odd.readMessage(responder.writeMessage(NOTHING));
        responder.readMessage(odd.writeMessage(NOTHING));

        assertThat(responder.isComplete()).isTrue();
    }

    /** The initiator's ephemeral key is a low order point. */
    @Conforms("NOI-18")
    @Test
    void refusesEphemeralKeysOfLowOrder() throws Exception {
        for (String point : Vectors.load("noise-xx").texts("low_order_points")) {
            HandshakeState state = state(Role.RESPONDER, NOTHING);
            state.readMessage(HexFormat.of().parseHex(point));

            assertThatThrownBy(() -> state.writeMessage(NOTHING))
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.ZERO_SHARED_SECRET, HandshakeFailedException::reason);
        }
    }

    /** The static key of either side is a low order point. */
    @Conforms("NOI-18")
    @Test
    void refusesStaticKeysOfLowOrder() throws Exception {
        for (String point : Vectors.load("noise-xx").texts("low_order_points")) {
            KeyPair weak = new KeyPair(
                    CRYPTO.x25519().generate().privateKey(), HexFormat.of().parseHex(point));
            HandshakeState reading = state(Role.INITIATOR, NOTHING);
            HandshakeState weakResponder = new HandshakeState(CRYPTO, Role.RESPONDER, NOTHING, weak);
            weakResponder.readMessage(reading.writeMessage(NOTHING));
            byte[] second = weakResponder.writeMessage(NOTHING);
            assertThatThrownBy(() -> reading.readMessage(second))
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.ZERO_SHARED_SECRET, HandshakeFailedException::reason);

            HandshakeState weakInitiator = new HandshakeState(CRYPTO, Role.INITIATOR, NOTHING, weak);
            HandshakeState answering = state(Role.RESPONDER, NOTHING);
            answering.readMessage(weakInitiator.writeMessage(NOTHING));
            weakInitiator.readMessage(answering.writeMessage(NOTHING));
            byte[] third = weakInitiator.writeMessage(NOTHING);
            assertThatThrownBy(() -> answering.readMessage(third))
                    .asInstanceOf(type(HandshakeFailedException.class))
                    .returns(Reason.ZERO_SHARED_SECRET, HandshakeFailedException::reason);
        }
    }

    @Test
    void refusesCallsOutOfTurn() throws Exception {
        assertThatThrownBy(() -> initiator.readMessage(new byte[96]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no message to read as INITIATOR after 0");
        assertThatThrownBy(() -> responder.writeMessage(NOTHING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no message to write as RESPONDER after 0");
        assertThatThrownBy(initiator::split).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(initiator::remoteStatic).isInstanceOf(IllegalStateException.class);

        initiator.writeMessage(NOTHING);

        assertThatThrownBy(() -> initiator.writeMessage(NOTHING)).isInstanceOf(IllegalStateException.class);
    }

    @Conforms("NOI-53")
    @Test
    void wipesItsPrivateKeysWhenItSplits() throws Exception {
        KeyPair ephemeral = CRYPTO.x25519().generate();
        KeyPair own = CRYPTO.x25519().generate();
        HandshakeState wiping =
                new HandshakeState(FixedNoise.generating(CRYPTO, () -> ephemeral), Role.INITIATOR, NOTHING, own);
        responder.readMessage(wiping.writeMessage(NOTHING));
        wiping.readMessage(responder.writeMessage(NOTHING));
        wiping.writeMessage(NOTHING);
        assertThat(ephemeral.privateKey()).isNotEqualTo(new byte[32]);

        wiping.split();

        assertThat(ephemeral.privateKey()).isEqualTo(new byte[32]);
        assertThat(own.privateKey()).as("the caller's own copy").isNotEqualTo(new byte[32]);
    }

    @Conforms("NOI-53")
    @Test
    void wipesItsChainingKeyWhenClosed() throws Exception {
        SymmetricState closed = new SymmetricState(HandshakeState.PROTOCOL_NAME, CRYPTO);
        closed.mixKey(new byte[] {1, 2, 3});
        closed.close();
        byte[] first = new byte[32];
        new Hkdf().derive(new byte[32], NOTHING, first, new byte[32]);
        byte[] expected = new byte[16];
        CRYPTO.aead(first).seal(0, NOTHING, expected, 0, 0);

        byte[] sealed = new byte[16];
        closed.split()[0].encrypt(sealed, 0, 0);

        assertThat(sealed).as("the key from a chaining key of zeros").isEqualTo(expected);
    }

    @Conforms("NOI-53")
    @Test
    void splitsOnceAndIsOfNoUseAfterwards() throws Exception {
        responder.readMessage(initiator.writeMessage(NOTHING));
        initiator.readMessage(responder.writeMessage(NOTHING));
        initiator.writeMessage(NOTHING);
        initiator.split();

        assertThatThrownBy(initiator::split).isInstanceOf(IllegalStateException.class);
    }

    /** Payloads up to the longest message. */
    @Conforms("NOI-25")
    @Test
    void carriesPayloadsUpToTheLongestMessage() throws Exception {
        responder.readMessage(initiator.writeMessage(NOTHING));
        assertThatThrownBy(() -> responder.writeMessage(new byte[65_536 - 96]))
                .isInstanceOf(IllegalArgumentException.class);

        byte[] second = responder.writeMessage(new byte[65_535 - 96]);

        assertThat(second).hasSize(65_535);
        assertThat(initiator.readMessage(second)).hasSize(65_535 - 96);
    }

    @Test
    void closingWhatIsLeftOfAHandshakeWipesTheKeysOfBothDirections() {
        TransportState transport = TestTransport.pair(NoiseConfig.defaults())[0];

        transport.close();

        assertThatThrownBy(() -> transport.send().encrypt(new byte[CipherState.TAG_BYTES], 0, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transport.receive().decrypt(new byte[CipherState.TAG_BYTES], 0, CipherState.TAG_BYTES))
                .isInstanceOf(IllegalStateException.class);
    }
}
