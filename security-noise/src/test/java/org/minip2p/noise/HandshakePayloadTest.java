package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.RemoteIdentityException.Reason;
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

    /** Every flipped bit of the signature, and another static key. */
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
