package org.minip2p.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.handshake.InvalidEnvelopeException.Reason;
import org.minip2p.handshake.pb.EnvelopeMessage;

/** Envelopes of other implementations, our own envelopes, and bytes that are no envelope. */
class SignedEnvelopeTest {
    private static final Vectors VECTORS = Vectors.load("signed-envelope");
    private static final byte[] TYPE = "ssv/nodeinfo".getBytes(UTF_8);
    private static final String DOMAIN = "ssv";

    static List<Vectors> envelopes() {
        return VECTORS.list("envelopes");
    }

    static List<Vectors> invalid() {
        return VECTORS.list("invalid");
    }

    private static byte[] ed25519Vector() {
        return envelopes().get(1).hex("hex");
    }

    private static Reason refusal(byte[] encoded) {
        InvalidEnvelopeException refused =
                catchThrowableOfType(InvalidEnvelopeException.class, () -> SignedEnvelope.open(encoded, DOMAIN, TYPE));
        assertThat(refused).as(HexFormat.of().formatHex(encoded)).isNotNull();
        return refused.reason();
    }

    @Conforms({"ENV-1", "ENV-3", "ENV-8", "ENV-11", "ENV-17"})
    @ParameterizedTest
    @MethodSource("envelopes")
    void opensWhatOthersHaveSealed(Vectors vector) throws Exception {
        byte[] encoded = vector.hex("hex");

        SignedEnvelope envelope = SignedEnvelope.open(encoded, vector.text("domain"), vector.hex("payload_type_hex"));

        assertThat(envelope.payload()).isEqualTo(vector.hex("payload_hex"));
        assertThat(envelope.signer().encoded()).isEqualTo(vector.hex("public_key_protobuf"));
        assertThat(envelope.signerId()).isEqualTo(PeerId.parse(vector.text("signer_peer_id")));
        assertThat(envelope.encoded()).isEqualTo(encoded);
    }

    @Conforms({"ENV-3", "ENV-4"})
    @ParameterizedTest
    @MethodSource("envelopes")
    void signsLengthsAndBytesOfDomainTypeAndPayload(Vectors vector) {
        byte[] signed = SignedEnvelope.signedBytes(
                vector.text("domain"), vector.hex("payload_type_hex"), vector.hex("payload_hex"));

        assertThat(signed).isEqualTo(vector.hex("signed_bytes_hex"));
    }

    @Conforms({"ENV-4", "ENV-5"})
    @Test
    void countsLengthsInBytes() {
        byte[] signed = SignedEnvelope.signedBytes("ü", new byte[] {9}, new byte[300]);

        assertThat(Arrays.copyOf(signed, 8)).isEqualTo(HexFormat.of().parseHex("02c3bc0109ac0200"));
        assertThat(signed).hasSize(3 + 2 + 2 + 300);
    }

    @Conforms({"ENV-2", "ENV-6"})
    @Test
    void sealsByteForByteAsOthersDo() throws Exception {
        Vectors vector = envelopes().get(1);
        byte[] publicKey = vector.hex("public_key_protobuf");
        ByteArrayOutputStream keyMessage = new ByteArrayOutputStream();
        keyMessage.writeBytes(new byte[] {8, 1, 18, 64});
        keyMessage.writeBytes(vector.hex("ed25519_seed"));
        keyMessage.writeBytes(Arrays.copyOfRange(publicKey, publicKey.length - 32, publicKey.length));
        PrivateKey key = PrivateKey.decode(keyMessage.toByteArray());

        byte[] sealed = SignedEnvelope.seal(key, DOMAIN, TYPE, vector.hex("payload_hex"));

        assertThat(sealed).isEqualTo(vector.hex("hex"));
    }

    @Conforms("ENV-6")
    @ParameterizedTest
    @EnumSource(KeyType.class)
    void opensWhatItHasSealedWithEveryKindOfKey(KeyType type) throws Exception {
        PrivateKey key = PrivateKey.generate(type);
        byte[] payload = {1, 2, 3};

        SignedEnvelope envelope =
                SignedEnvelope.open(SignedEnvelope.seal(key, "a domain", TYPE, payload), "a domain", TYPE);

        assertThat(envelope.signer()).isEqualTo(key.publicKey());
        assertThat(envelope.payload()).isEqualTo(payload);
    }

    @Conforms({"ENV-7", "ENV-10", "ENV-12"})
    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWhatIsInvalid(Vectors vector) {
        byte[] type = vector.text("expected_payload_type").getBytes(UTF_8);
        Map<String, Reason> reasons = Map.of(
                "another payload type is expected", Reason.WRONG_PAYLOAD_TYPE,
                "no public key", Reason.MALFORMED,
                "signature in field 4, the number the RFC skips", Reason.MALFORMED,
                "cut one byte before the end", Reason.MALFORMED);

        InvalidEnvelopeException refused = catchThrowableOfType(
                InvalidEnvelopeException.class,
                () -> SignedEnvelope.open(vector.hex("hex"), vector.text("domain"), type));

        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reasons.getOrDefault(vector.text("reason"), Reason.INVALID_SIGNATURE));
    }

    @Conforms("ENV-7")
    @Test
    void refusesAChangeOfOneBitInAnyByte() {
        byte[] valid = ed25519Vector();

        for (int at = 0; at < valid.length; at++) {
            byte[] changed = valid.clone();
            changed[at] ^= (byte) (1 << at % 8);

            refusal(changed);
        }
    }

    @Test
    void refusesWhatIsCutAtAnyByte() {
        byte[] valid = ed25519Vector();

        for (int length = 0; length < valid.length; length++) {
            assertThat(refusal(Arrays.copyOf(valid, length))).isEqualTo(Reason.MALFORMED);
        }
    }

    @Conforms("ENV-10")
    @Test
    void refusesAPublicKeyThatIsNone() throws Exception {
        byte[] changed = EnvelopeMessage.parseFrom(ed25519Vector()).toBuilder()
                .setPublicKey(ByteString.copyFrom(new byte[] {8, 1, 18, 1, 0}))
                .build()
                .toByteArray();

        assertThat(refusal(changed)).isEqualTo(Reason.INVALID_KEY);
    }

    @Conforms("ENV-14")
    @Test
    void skipsUnknownFields() throws Exception {
        byte[] more = EnvelopeMessage.parseFrom(ed25519Vector()).toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                4,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addFixed64(7).build())
                        .build())
                .build()
                .toByteArray();

        assertThat(SignedEnvelope.open(more, DOMAIN, TYPE).encoded()).isEqualTo(more);
    }

    @Conforms("ENV-15")
    @Test
    void lastOfARepeatedFieldIsBothCheckedAndUsed() throws Exception {
        byte[] other = EnvelopeMessage.newBuilder()
                .setPayload(ByteString.copyFromUtf8("another payload"))
                .build()
                .toByteArray();
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(other);
        first.writeBytes(ed25519Vector());
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        last.writeBytes(ed25519Vector());
        last.writeBytes(other);

        assertThat(SignedEnvelope.open(first.toByteArray(), DOMAIN, TYPE).payload())
                .isEqualTo(envelopes().get(1).hex("payload_hex"));
        assertThat(refusal(last.toByteArray())).isEqualTo(Reason.INVALID_SIGNATURE);
    }

    // SEC-60
    @Conforms("ENV-16")
    @Test
    void refusesMoreThanItReads() {
        assertThat(refusal(new byte[SignedEnvelope.MAX_BYTES + 1])).isEqualTo(Reason.TOO_LARGE);
    }

    // SEC-61: wire type 3 starts a group. Here are ten thousand groups of field 15, and none of them ends.
    @Test
    void refusesGroupsNestedTenThousandDeep() {
        byte[] nested = new byte[10_000];
        Arrays.fill(nested, (byte) (15 << 3 | 3));

        assertThat(refusal(nested)).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0affffffff0f", "0a80808080808080808001", "07", "00", "0c", "2a05"})
    void refusesWhatIsNoProtobuf(String hex) {
        assertThat(refusal(HexFormat.of().parseHex(hex))).isEqualTo(Reason.MALFORMED);
    }

    @Conforms("ENV-13")
    @Test
    void sealsNothingWithoutDomainOrType() {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);

        assertThatThrownBy(() -> SignedEnvelope.seal(key, "", TYPE, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SignedEnvelope.seal(key, DOMAIN, new byte[0], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sealsNothingThatWouldNotBeRead() {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);

        assertThatThrownBy(() -> SignedEnvelope.seal(key, DOMAIN, TYPE, new byte[SignedEnvelope.MAX_BYTES]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }
}
