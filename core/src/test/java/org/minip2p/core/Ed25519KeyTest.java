package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class Ed25519KeyTest {
    /** The order of the group, RFC 8032, 5.1. */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    static List<Vectors> privateKeys() {
        return KeyTestData.PEER_IDS.list("ed25519_private_keys");
    }

    @Conforms({"PID-17", "PID-18", "PID-19"})
    @ParameterizedTest
    @MethodSource("privateKeys")
    void readsThePrivateFormsOfTheVectors(Vectors vector) throws InvalidKeyException {
        byte[] message = vector.hex("private_key_protobuf");

        if (vector.flag("valid")) {
            assertThat(PrivateKey.decode(message).encoded())
                    .isEqualTo(KeyTestData.key("spec-ed25519").hex("private_key_protobuf"));
        } else {
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(message));
        }
    }

    @Test
    void makesTheSignaturesOfTheVectors() throws InvalidKeyException {
        PrivateKey key = KeyTestData.privateKey("spec-ed25519");

        for (Vectors signed : KeyTestData.key("spec-ed25519").list("signatures")) {
            assertThat(key.sign(signed.hex("message"))).isEqualTo(signed.hex("signature"));
        }
    }

    @Conforms("PID-16")
    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 64})
    void refusesPublicKeysThatHaveNot32Bytes(int length) {
        byte[] data = Arrays.copyOf(KeyTestData.key("spec-ed25519").hex("public_key_protobuf"), length);

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ED25519, data)));
    }

    @Conforms("PID-20")
    @Test
    void refusesASignatureWhoseScalarIsNotBelowTheOrder() throws InvalidKeyException {
        PublicKey key = KeyTestData.publicKey("spec-ed25519");
        byte[] message = {7};
        byte[] signature = KeyTestData.privateKey("spec-ed25519").sign(message);
        BigInteger scalar = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));

        byte[] malleated = signature.clone();
        byte[] larger = Arrays.copyOf(reversed(scalar.add(ORDER).toByteArray()), 32);
        System.arraycopy(larger, 0, malleated, 32, 32);

        assertThat(signature).hasSize(64);
        assertThat(key.verify(message, signature)).isTrue();
        assertThat(key.verify(message, malleated)).isFalse();
    }

    // RFC 8032, 5.1.3: y has to be below p = 2^255 - 19, so the last bytes that differ from ff... are ed to ff
    @Test
    void refusesPointsThatAreNotInTheirCanonicalForm() {
        for (int low = 0xed; low <= 0xff; low++) {
            for (int sign = 0x7f; sign <= 0xff; sign += 0x80) {
                byte[] point = new byte[32];
                Arrays.fill(point, (byte) 0xff);
                point[0] = (byte) low;
                point[31] = (byte) sign;

                assertThatExceptionOfType(InvalidKeyException.class)
                        .as(Hex.text(point))
                        .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ED25519, point)));
            }
        }
    }

    // With a key of small order, one signature fits many messages.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
            })
    void refusesPublicKeysOfSmallOrder(String point) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ED25519, Hex.bytes(point))));
    }

    @Test
    void refusesBytesThatAreNoPointOfTheCurve() {
        byte[] noPoint = new byte[32];
        noPoint[0] = 2;

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ED25519, noPoint)));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
