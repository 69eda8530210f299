package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

/** The message that contains a key, and the behavior that keys of all types share. */
class KeyMessagesTest {
    static List<Vectors> keys() {
        return KeyTestData.keys();
    }

    static List<Vectors> nonCanonical() {
        return KeyTestData.PEER_IDS.list("noncanonical_public_keys");
    }

    @Conforms({"PID-1", "PID-3", "PID-4", "PID-5", "PID-6"})
    @ParameterizedTest
    @MethodSource("keys")
    void readsAndWritesThePublicKeysOfTheVectors(Vectors vector) throws InvalidKeyException {
        byte[] message = vector.hex("public_key_protobuf");

        PublicKey key = PublicKey.decode(message);

        assertThat(key.encoded()).isEqualTo(message);
        assertThat(key.type().code()).isEqualTo((int) vector.number("type_number"));
        assertThat(key.type().name()).isEqualToIgnoringCase(vector.text("type"));
        assertThat(KeyMessages.encode(key.type(), key.data())).isEqualTo(message);
    }

    @Conforms("PID-32")
    @ParameterizedTest
    @MethodSource("keys")
    void findsThePublicKeyOfEveryPrivateKey(Vectors vector) throws InvalidKeyException {
        PrivateKey key = PrivateKey.decode(vector.hex("private_key_protobuf"));

        assertThat(key.encoded()).isEqualTo(vector.hex("private_key_protobuf"));
        assertThat(key.publicKey().encoded()).isEqualTo(vector.hex("public_key_protobuf"));
        assertThat(key.type()).isEqualTo(key.publicKey().type());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void takesTheSignaturesOfTheVectorsAndNoneOfAnythingElse(Vectors vector) throws InvalidKeyException {
        PublicKey key = PublicKey.decode(vector.hex("public_key_protobuf"));
        for (Vectors signed : vector.list("signatures")) {
            byte[] message = signed.hex("message");
            byte[] signature = signed.hex("signature");

            assertThat(key.verify(message, signature)).isTrue();
            assertThat(key.verify(KeyTestData.lengthen(message), signature)).isFalse();
            assertThat(key.verify(message, KeyTestData.lengthen(signature))).isFalse();
            assertThat(key.verify(message, KeyTestData.shorten(signature))).isFalse();
            assertThat(key.verify(message, new byte[0])).isFalse();
            for (int bit = 0; bit < signature.length * Byte.SIZE; bit += 5) {
                assertThat(key.verify(message, KeyTestData.flip(signature, bit)))
                        .isFalse();
            }
        }
    }

    @Conforms("PID-2")
    @Test
    void numbersTheTypesAsTheSpecificationDoes() {
        assertThat(KeyType.RSA.code()).isEqualTo(0);
        assertThat(KeyType.ED25519.code()).isEqualTo(1);
        assertThat(KeyType.SECP256K1.code()).isEqualTo(2);
        assertThat(KeyType.ECDSA.code()).isEqualTo(3);
        assertThat(KeyType.ofCode(4)).isEqualTo(Optional.empty());
    }

    // The type is written even when it is 0
    @Conforms({"PID-3", "PID-6"})
    @Test
    void writesTheTypeOfRsaToo() throws InvalidKeyException {
        assertThat(KeyTestData.publicKey("spec-rsa").encoded()).startsWith(0x08, 0x00, 0x12);
    }

    @Conforms({"PID-7", "PID-9"})
    @ParameterizedTest
    @MethodSource("nonCanonical")
    void refusesEverySpellingOfAKeyButOne(Vectors vector) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .as(vector.text("reason"))
                .isThrownBy(() -> PublicKey.decode(vector.hex("hex")));
    }

    // The same for private keys
    @Conforms("PID-9")
    @ParameterizedTest
    @ValueSource(strings = {"", "0801", "08", "1200", "0a", "ff"})
    void refusesMessagesWithoutTypeOrData(String hex) {
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(Hex.bytes(hex)));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(Hex.bytes(hex)));
    }

    @Conforms("PID-7")
    @Test
    void refusesAnExtraFieldInAPrivateKey() {
        String message = KeyTestData.key("spec-ed25519").text("private_key_protobuf");

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(Hex.bytes(message + "1801")));
    }

    // 4, 2^32-1, and -1 in ten bytes
    @Conforms("PID-8")
    @ParameterizedTest
    @ValueSource(strings = {"0804", "0805", "08ffffffff0f", "08ffffffffffffffffff01", "08808080808001"})
    void refusesTypesThatAreUnknown(String type) {
        byte[] message = Hex.bytes(type + "1220" + "11".repeat(32));

        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(message));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(message));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void refusesDataOfNoBytesForEveryType(KeyType type) {
        byte[] message = KeyMessages.encode(type, new byte[0]);

        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(message));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(message));
    }

    @Conforms({"PID-10", "PID-11", "PID-12", "PID-13", "PID-5"})
    @ParameterizedTest
    @EnumSource(KeyType.class)
    void generatesKeysThatSignAndComeBackFromTheirBytes(KeyType type) throws InvalidKeyException {
        PrivateKey generated = PrivateKey.generate(type);
        byte[] message = {1, 2, 3};

        PrivateKey read = PrivateKey.decode(generated.encoded());
        PublicKey publicKey = PublicKey.decode(generated.publicKey().encoded());

        assertThat(read.encoded()).isEqualTo(generated.encoded());
        assertThat(read.publicKey()).isEqualTo(publicKey).hasSameHashCodeAs(publicKey);
        assertThat(read.sign(message)).isEqualTo(generated.sign(message));
        assertThat(publicKey.verify(message, read.sign(message))).isTrue();
        assertThat(publicKey.verify(new byte[] {1, 2, 4}, read.sign(message))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = KeyType.class, mode = EnumSource.Mode.EXCLUDE, names = "RSA")
    void generatesAnotherKeyEachTime(KeyType type) {
        assertThat(PrivateKey.generate(type).publicKey())
                .isNotEqualTo(PrivateKey.generate(type).publicKey());
    }

    @Test
    void tellsKeysApartByTheirMessage() throws InvalidKeyException {
        PublicKey key = KeyTestData.publicKey("spec-ed25519");

        assertThat(key).isEqualTo(KeyTestData.publicKey("spec-ed25519"));
        assertThat(key).isNotEqualTo(KeyTestData.publicKey("zero-seed-ed25519"));
        assertThat(key).isNotEqualTo(KeyTestData.publicKey("spec-secp256k1"));
        assertThat(key).hasSameHashCodeAs(KeyTestData.publicKey("spec-ed25519"));
        assertThat(key).doesNotHaveSameHashCodeAs(KeyTestData.publicKey("zero-seed-ed25519"));
    }

    @Test
    void givesAwayCopiesOfItsArrays() throws InvalidKeyException {
        PublicKey key = KeyTestData.publicKey("spec-ed25519");
        byte[] message = key.encoded();

        key.encoded()[4] ^= 1;
        key.data()[0] ^= 1;

        assertThat(key.encoded()).isEqualTo(message);
        assertThat(KeyMessages.encode(key.type(), key.data())).isEqualTo(message);
    }

    // No text shows a private key by accident
    @Conforms("PID-15")
    @ParameterizedTest
    @MethodSource("keys")
    void doesNotShowPrivateKeys(Vectors vector) throws InvalidKeyException {
        PrivateKey key = PrivateKey.decode(vector.hex("private_key_protobuf"));

        assertThat(key.toString()).isEqualTo(key.type() + " private key of " + vector.text("peer_id_base58"));
        assertThat(key.publicKey().toString())
                .isEqualTo(key.type() + " public key of " + vector.text("peer_id_base58"));
    }
}
