package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;
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

    /** SEC-20: of the equivalent scalars, only the one below the order is accepted. */
    @Conforms("PID-20")
    @Test
    void refusesEveryMultipleOfTheOrderAddedToTheScalar() throws InvalidKeyException {
        PublicKey key = KeyTestData.publicKey("spec-ed25519");
        byte[] message = {8};
        byte[] signature = KeyTestData.privateKey("spec-ed25519").sign(message);
        BigInteger scalar = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));

        for (BigInteger other = scalar.add(ORDER); other.bitLength() <= 256; other = other.add(ORDER)) {
            byte[] malleated = signature.clone();
            byte[] unsigned = reversed(other.toByteArray());
            System.arraycopy(Arrays.copyOf(unsigned, 32), 0, malleated, 32, 32);

            assertThat(key.verify(message, malleated)).as(Hex.text(malleated)).isFalse();
        }
        assertThat(key.verify(message, signature)).isTrue();
    }

    @Conforms("PID-20")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 63, 65, 96, 128, 10_000})
    void refusesSignaturesThatHaveNot64Bytes(int length) throws InvalidKeyException {
        byte[] message = {9};
        byte[] signature = KeyTestData.privateKey("spec-ed25519").sign(message);

        assertThat(KeyTestData.publicKey("spec-ed25519").verify(message, Arrays.copyOf(signature, length)))
                .isFalse();
    }

    /** SEC-20: zeros, the neutral point with a scalar of zero, and points in a non-canonical form. */
    @Conforms("PID-20")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void refusesForgedPointsInASignature(String point) throws InvalidKeyException {
        PublicKey key = KeyTestData.publicKey("spec-ed25519");
        byte[] message = {10};
        byte[] honest = KeyTestData.privateKey("spec-ed25519").sign(message);

        assertThat(key.verify(message, Bytes.concat(Hex.bytes(point), new byte[32])))
                .isFalse();
        assertThat(key.verify(message, Bytes.concat(Hex.bytes(point), Arrays.copyOfRange(honest, 32, 64))))
                .isFalse();
    }

    /** RFC 8032, 7.1: secret key, public key, message, signature. */
    @Conforms({"PID-16", "PID-20"})
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a"
    })
    void makesAndTakesTheSignaturesOfTheRfc(String secret, String point, String text, String signature)
            throws InvalidKeyException {
        PrivateKey key = PrivateKey.decode(KeyTestData.message(KeyType.ED25519, Hex.bytes(secret + point)));

        assertThat(key.publicKey().data()).isEqualTo(Hex.bytes(point));
        assertThat(key.sign(Hex.bytes(text))).isEqualTo(Hex.bytes(signature));
        assertThat(key.publicKey().verify(Hex.bytes(text), Hex.bytes(signature)))
                .isTrue();
    }

    // RFC 8032, 5.1.3: y must be below p = 2^255 - 19. From p on, encodings differ only in the lowest byte, ed to ff.
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

    // With a key of small order, one signature is valid for many messages.
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

    /** Conscrypt is used where the platform has it, unless it was turned off. */
    @Test
    void verifiesWithConscryptWhereItIs() {
        boolean isWanted = !"false".equals(System.getProperty(Conscrypt.PROPERTY));

        assertThat(Conscrypt.provider().isPresent()).isEqualTo(isWanted && canLoadConscrypt());
        assertThat(ConscryptEd25519.INSTANCE.isPresent())
                .isEqualTo(Conscrypt.provider().isPresent());
    }

    private static boolean canLoadConscrypt() {
        try {
            return org.conscrypt.Conscrypt.isAvailable();
        } catch (LinkageError e) {
            return false;
        }
    }

    /** A peer must not be accepted by hosts with Conscrypt and refused by hosts without it. */
    @Conforms("PID-20")
    @Test
    void bothImplementationsTakeTheSameSignatures() {
        Property.holds(200, draw -> {
            byte[] seed = draw.of("seed", bytes(32));
            byte[] message = draw.of("message", bytes());
            Signer signer = Ed25519Key.generate(KeyTestData.drawing(seed));
            byte[] key = signer.verifier().data();
            byte[] signature = signer.sign(message);
            byte[] changed = KeyTestData.flip(signature, draw.of("changed bit", integers(0, 511)));

            assertThat(Ed25519Key.verifyByBouncyCastle(key, message, signature)).isTrue();
            assertThat(Ed25519Key.verifyByBouncyCastle(key, message, changed)).isFalse();
            ConscryptEd25519.INSTANCE.ifPresent(conscrypt -> {
                assertThat(conscrypt.verify(key, message, signature)).isTrue();
                assertThat(conscrypt.verify(key, message, changed)).isFalse();
            });
        });
    }

    /** A malformed signature of any kind is false. It does not make the check throw. */
    @Conforms("PID-20")
    @ParameterizedTest
    @ValueSource(ints = {0, 63, 65})
    void conscryptTakesASignatureOfAnotherLengthForAFalseOne(int length) {
        Verifier verifier =
                Ed25519Key.generate(KeyTestData.drawing(new byte[32])).verifier();

        ConscryptEd25519.INSTANCE.ifPresent(
                conscrypt -> assertThat(conscrypt.verify(verifier.data(), new byte[1], new byte[length]))
                        .isFalse());
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
