package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.RemoteIdentityException.Reason;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.pb.NoiseExtensions;
import org.minip2p.noise.pb.NoiseHandshakePayload;

class HandshakePayloadTest {
    private final Vectors vector = Vectors.load("noise-xx").object("libp2p_payload");
    private final byte[] key = vector.hex("identity_key");
    private final byte[] signature = vector.hex("identity_sig");
    private final byte[] staticKey = vector.hex("noise_static_public");

    private NoiseHandshakePayload.Builder message() {
        return NoiseHandshakePayload.newBuilder()
                .setIdentityKey(ByteString.copyFrom(key))
                .setIdentitySig(ByteString.copyFrom(signature));
    }

    private static void refuses(byte[] payload, Reason reason) {
        assertThatThrownBy(() -> HandshakePayload.decode(payload))
                .asInstanceOf(type(RemoteIdentityException.class))
                .returns(reason, RemoteIdentityException::reason);
    }

    @Conforms("NOI-37")
    @Test
    void encodesAsTheVectors() {
        assertThat(HandshakePayload.encode(key, signature, List.of()))
                .isEqualTo(vector.hex("payload_without_extensions"));
        assertThat(HandshakePayload.encode(key, signature, vector.texts("stream_muxers")))
                .isEqualTo(vector.hex("payload_with_extensions"));
    }

    /** Each value of the vector can be computed from the ones before it. */
    @Conforms({"NOI-37", "NOI-41"})
    @Test
    void makesTheProofOfTheVectors() throws Exception {
        KeyPair fixed = NoiseConfig.defaults().crypto().x25519().keyPair(vector.hex("noise_static_private"));
        byte[] seedAndPoint = Arrays.copyOf(vector.hex("identity_private_seed"), 64);
        System.arraycopy(key, key.length - 32, seedAndPoint, 32, 32);
        byte[] message = Arrays.copyOf(new byte[] {8, 1, 0x12, 64}, 68);
        System.arraycopy(seedAndPoint, 0, message, 4, 64);
        PrivateKey identity = PrivateKey.decode(message);

        assertThat(fixed.publicKey()).isEqualTo(staticKey);
        assertThat(identity.publicKey().encoded()).isEqualTo(key);
        assertThat(identity.sign(HandshakePayload.signedBytes(staticKey))).isEqualTo(signature);
    }

    /**
     * Protobuf's varints may be longer than necessary. Here are a tag of two bytes, and lengths of two and five bytes.
     */
    @Conforms("VAR-13")
    @Test
    void readsVarintsByTheRulesOfProtobuf() throws Exception {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(new byte[] {(byte) 0x8a, 0x00, (byte) 0xa4, 0x00});
        payload.writeBytes(key);
        payload.writeBytes(new byte[] {0x12, (byte) 0xc0, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x00});
        payload.writeBytes(signature);

        assertThat(HandshakePayload.decode(payload.toByteArray())
                        .verify(staticKey)
                        .encoded())
                .isEqualTo(key);
    }

    /**
     * SEC-22: the last value of a repeated field counts, as in protobuf. A key is accepted only with its own signature.
     */
    @Conforms("NOI-42")
    @Test
    void believesNoKeyThatTheSignatureIsNotOf() throws Exception {
        byte[] other = PrivateKey.generate(KeyType.ED25519).publicKey().encoded();
        byte[] honestThenOther = join(
                HandshakePayload.encode(key, signature, List.of()),
                HandshakePayload.encode(other, signature, List.of()));
        byte[] otherThenHonest = join(
                HandshakePayload.encode(other, new byte[64], List.of()),
                HandshakePayload.encode(key, signature, List.of()));

        HandshakePayload twice = HandshakePayload.decode(honestThenOther);

        assertThatThrownBy(() -> twice.verify(staticKey))
                .asInstanceOf(type(RemoteIdentityException.class))
                .returns(Reason.BAD_SIGNATURE, RemoteIdentityException::reason);
        assertThat(HandshakePayload.decode(otherThenHonest).verify(staticKey).encoded())
                .isEqualTo(key);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Conforms("NOI-41")
    @Test
    void signsThePrefixAndTheStaticKey() {
        assertThat(HandshakePayload.signedBytes(staticKey)).isEqualTo(vector.hex("signed_bytes"));
    }

    @Conforms({"NOI-42", "NOI-47"})
    @Test
    void readsAndVerifiesTheVectors() throws Exception {
        HandshakePayload with = HandshakePayload.decode(vector.hex("payload_with_extensions"));
        HandshakePayload without = HandshakePayload.decode(vector.hex("payload_without_extensions"));
        HandshakePayload jvm = HandshakePayload.decode(vector.hex("payload_as_jvm_sends_it"));

        assertThat(with.muxers()).containsExactly("/yamux/1.0.0");
        assertThat(without.muxers()).isEmpty();
        assertThat(jvm.muxers()).isEmpty();
        for (HandshakePayload payload : List.of(with, without, jvm)) {
            assertThat(payload.verify(staticKey).encoded()).isEqualTo(key);
        }
    }

    /** The signature with each of its bits flipped, and another static key. */
    @Conforms("NOI-42")
    @Test
    void refusesOtherSignaturesAndOtherStaticKeys() throws Exception {
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            HandshakePayload payload = HandshakePayload.decode(HandshakePayload.encode(key, changed, List.of()));
            assertThatThrownBy(() -> payload.verify(staticKey))
                    .asInstanceOf(type(RemoteIdentityException.class))
                    .returns(Reason.BAD_SIGNATURE, RemoteIdentityException::reason);
        }
        HandshakePayload honest = HandshakePayload.decode(HandshakePayload.encode(key, signature, List.of()));
        byte[] other = staticKey.clone();
        other[0] ^= 1;

        assertThatThrownBy(() -> honest.verify(other)).isInstanceOf(RemoteIdentityException.class);
    }

    @Conforms("NOI-43")
    @Test
    void refusesMissingAndEmptyFields() {
        refuses(new byte[0], Reason.MISSING_KEY);
        refuses(message().clearIdentityKey().build().toByteArray(), Reason.MISSING_KEY);
        refuses(message().setIdentityKey(ByteString.EMPTY).build().toByteArray(), Reason.MISSING_KEY);
        refuses(message().clearIdentitySig().build().toByteArray(), Reason.MISSING_SIGNATURE);
        refuses(message().setIdentitySig(ByteString.EMPTY).build().toByteArray(), Reason.MISSING_SIGNATURE);
    }

    /** The question whether a proof takes long to check comes before we know that the key is valid. */
    @Test
    void refusesAKeyOfOneByte() throws Exception {
        HandshakePayload payload = HandshakePayload.decode(HandshakePayload.encode(new byte[1], signature, List.of()));

        assertThat(payload.isQuicklyVerified()).isFalse();
        assertThatThrownBy(() -> payload.verify(staticKey))
                .asInstanceOf(type(RemoteIdentityException.class))
                .returns(Reason.INVALID_KEY, RemoteIdentityException::reason);
    }

    /** Protobuf allows any order. Here are the extensions first, and the signature before its key. */
    @Test
    void readsTheFieldsInAnyOrder() throws Exception {
        byte[] extensions = NoiseHandshakePayload.newBuilder()
                .setExtensions(NoiseExtensions.newBuilder().addStreamMuxers("/yamux/1.0.0"))
                .build()
                .toByteArray();
        byte[] signatureAlone = message().clearIdentityKey().build().toByteArray();
        byte[] keyAlone = message().clearIdentitySig().build().toByteArray();

        HandshakePayload payload = HandshakePayload.decode(join(extensions, join(signatureAlone, keyAlone)));

        assertThat(payload.muxers()).containsExactly("/yamux/1.0.0");
        assertThat(payload.verify(staticKey).encoded()).isEqualTo(key);
    }

    @Conforms("NOI-43")
    @Test
    void refusesAKeyThatIsNone() throws Exception {
        byte[] cut = Arrays.copyOf(key, key.length - 1);
        HandshakePayload payload = HandshakePayload.decode(HandshakePayload.encode(cut, signature, List.of()));

        assertThatThrownBy(() -> payload.verify(staticKey))
                .asInstanceOf(type(RemoteIdentityException.class))
                .returns(Reason.INVALID_KEY, RemoteIdentityException::reason);
    }

    @Test
    void refusesWhatIsCutOrNoProtobuf() {
        byte[] whole = vector.hex("payload_with_extensions");
        refuses(Arrays.copyOf(whole, whole.length - 1), Reason.UNREADABLE_PAYLOAD);
        refuses(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff}, Reason.UNREADABLE_PAYLOAD);
        refuses(new byte[] {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07}, Reason.UNREADABLE_PAYLOAD);
        refuses(new byte[] {0x0c}, Reason.UNREADABLE_PAYLOAD);
        refuses(new byte[] {0x22, 0x05, 0x12}, Reason.UNREADABLE_PAYLOAD);
        byte[] groups = new byte[60_000];
        Arrays.fill(groups, (byte) 0x2b);
        refuses(groups, Reason.UNREADABLE_PAYLOAD);
    }

    @Conforms({"NOI-47", "NOI-48"})
    @Test
    void skipsUnknownFieldsOfAnySize() throws Exception {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        3,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("data"))
                                .build())
                .addField(
                        900,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(7)
                                .addFixed32(1)
                                .addFixed64(2)
                                .build())
                .addField(
                        901,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[60_000]))
                                .build())
                .build();
        NoiseExtensions extensions = NoiseExtensions.newBuilder()
                .addWebtransportCerthashes(ByteString.copyFromUtf8("hash"))
                .addStreamMuxers("/yamux/1.0.0")
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1025,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();

        HandshakePayload payload = HandshakePayload.decode(message()
                .setExtensions(extensions)
                .setUnknownFields(unknown)
                .build()
                .toByteArray());

        assertThat(payload.muxers()).containsExactly("/yamux/1.0.0");
        assertThat(payload.verify(staticKey).encoded()).isEqualTo(key);
    }

    // SEC-28
    @Conforms("NOI-60")
    @Test
    void ignoresAListOfMoreThanAHundredMuxers() throws Exception {
        assertThat(HandshakePayload.decode(HandshakePayload.encode(key, signature, Collections.nCopies(100, "/m")))
                        .muxers())
                .hasSize(100);
        assertThat(HandshakePayload.decode(HandshakePayload.encode(key, signature, Collections.nCopies(101, "/m")))
                        .muxers())
                .isEmpty();
        assertThat(HandshakePayload.decode(HandshakePayload.encode(key, signature, Collections.nCopies(20_000, "")))
                        .muxers())
                .isEmpty();
    }
}
