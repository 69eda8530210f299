package org.minip2p.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class Secp256k1KeyTest {
    /** The order of the group, SEC 2, 2.4.1. */
    private static final String ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private static final BigInteger N = new BigInteger(ORDER, 16);

    @Conforms("PID-21")
    @Test
    void writesTheCompressedPoint() throws InvalidKeyException {
        assertThat(PrivateKey.generate(KeyType.SECP256K1).publicKey().data()).hasSize(33);
        assertThat(KeyTestData.publicKey("spec-secp256k1").data()).startsWith(0x03);
    }

    @Conforms("PID-22")
    @Test
    void readsAnUncompressedPointAsTheSamePeer() throws InvalidKeyException {
        PublicKey compressed = KeyTestData.publicKey("spec-secp256k1");
        byte[] uncompressed = CustomNamedCurves.getByName("secp256k1")
                .getCurve()
                .decodePoint(compressed.data())
                .getEncoded(false);

        PublicKey read = PublicKey.decode(KeyTestData.message(KeyType.SECP256K1, uncompressed));

        assertThat(uncompressed).hasSize(65);
        assertThat(read).isEqualTo(compressed);
        assertThat(read.encoded()).isEqualTo(compressed.encoded());
        assertThat(PeerId.of(read)).isEqualTo(PeerId.of(compressed));
    }

    // Infinity, an x that is not on the curve, an x not below p, the hybrid form, a wrong y, wrong lengths
    @Conforms("PID-23")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "000000000000000000000000000000000000000000000000000000000000000000",
                "020000000000000000000000000000000000000000000000000000000000000005",
                "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
                "05037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca",
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f817",
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179800",
                "0679be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                        + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
                "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                        + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b9"
            })
    void refusesWhatIsNoPoint(String data) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.SECP256K1, Hex.bytes(data))));
    }

    // Zero, n, above n, 31 and 33 bytes
    @Conforms("PID-24")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                ORDER,
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "53dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8",
                "0053dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8fb"
            })
    void refusesPrivateKeysThatAreNoScalarOf32Bytes(String data) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.SECP256K1, Hex.bytes(data))));
    }

    // A scalar keeps its leading zero bytes
    @Conforms("PID-24")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000001",
                "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"
            })
    void carriesTheSmallestAndTheLargestScalar(String scalar) throws InvalidKeyException {
        byte[] message = KeyTestData.message(KeyType.SECP256K1, Hex.bytes(scalar));

        assertThat(PrivateKey.decode(message).encoded()).isEqualTo(message);
    }

    // The deterministic signatures in the tests of Bitcoin's libraries, for the private key 1
    @Conforms("PID-25")
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Satoshi Nakamoto;"
                        + "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8;"
                        + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
                "All those moments will be lost in time, like tears in rain. Time to die...;"
                        + "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b;"
                        + "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"
            })
    void makesTheSignaturesOfRfc6979(String message, String r, String s) throws InvalidKeyException {
        PrivateKey one = PrivateKey.decode(KeyTestData.message(KeyType.SECP256K1, Hex.bytes("0".repeat(63) + "1")));

        byte[] signature = one.sign(message.getBytes(UTF_8));

        assertThat(signature).isEqualTo(der(new BigInteger(r, 16), new BigInteger(s, 16)));
    }

    @Conforms("PID-25")
    @Test
    void makesTheSignatureOfGo() throws InvalidKeyException {
        Vectors signed =
                KeyTestData.key("go-fixture-secp256k1").list("signatures").get(0);

        assertThat(KeyTestData.privateKey("go-fixture-secp256k1").sign(signed.hex("message")))
                .isEqualTo(signed.hex("signature"));
    }

    @Conforms({"PID-25", "PID-26"})
    @Test
    void signsWithLowSAlwaysAndRefusesHighS() throws InvalidKeyException {
        PrivateKey key = KeyTestData.privateKey("spec-secp256k1");
        for (byte i = 0; i < 20; i++) {
            byte[] message = {i};
            byte[] signature = key.sign(message);
            BigInteger[] numbers = numbers(signature);

            byte[] highS = der(numbers[0], N.subtract(numbers[1]));

            assertThat(numbers[1]).isLessThanOrEqualTo(N.shiftRight(1));
            assertThat(key.publicKey().verify(message, signature)).isTrue();
            assertThat(key.publicKey().verify(message, highS)).isFalse();
        }
    }

    /**
     * Half of the order, rounded down, is the largest low s. The test computes a key for which a signature has this s,
     * since it could not find a message for a given key.
     */
    @Conforms({"PID-25", "PID-26"})
    @Test
    void takesTheLargestLowSAndRefusesTheSmallestHighS() throws InvalidKeyException {
        byte[] message = {1, 2, 3};
        BigInteger largestLow = N.shiftRight(1);

        assertThat(verifiesWithAKeyMadeFor(message, largestLow)).isTrue();
        assertThat(verifiesWithAKeyMadeFor(message, largestLow.add(BigInteger.ONE)))
                .isFalse();
    }

    /** Solves s = (z + r d) / k for the key d. The other values are given. */
    private static boolean verifiesWithAKeyMadeFor(byte[] message, BigInteger s) throws InvalidKeyException {
        BigInteger k = BigInteger.valueOf(7);
        BigInteger r = CustomNamedCurves.getByName("secp256k1")
                .getG()
                .multiply(k)
                .normalize()
                .getAffineXCoord()
                .toBigInteger()
                .mod(N);
        BigInteger z = new BigInteger(1, Sha256.digest(message));
        BigInteger d = s.multiply(k).subtract(z).multiply(r.modInverse(N)).mod(N);
        PrivateKey key =
                PrivateKey.decode(KeyTestData.message(KeyType.SECP256K1, Hex.bytes(String.format("%064x", d))));

        return key.publicKey().verify(message, der(r, s));
    }

    /**
     * SEC 1, 3.2.1: a private key is drawn uniformly from all scalars. So a number that is not a scalar is replaced by
     * another draw.
     */
    @Conforms("PID-24")
    @Test
    void drawsAgainWhatIsNoScalar() {
        byte[][] draws = {Hex.bytes("ff".repeat(32)), Hex.bytes(ORDER), new byte[32], Hex.bytes("00".repeat(31) + "05")
        };
        assertThat(Secp256k1Key.generate(KeyTestData.drawing(draws)).data()).isEqualTo(draws[3]);
    }

    @Conforms("PID-27")
    @Test
    void refusesSignaturesThatAreNotInStrictDer() throws InvalidKeyException {
        PrivateKey key = KeyTestData.privateKey("go-fixture-secp256k1");
        BigInteger[] numbers = numbers(key.sign(KeyTestData.FIXTURE_MESSAGE));
        byte[] r = Der.integer(numbers[0]);
        byte[] s = Der.integer(numbers[1]);
        byte[] extra = {0};
        byte[] zero = Der.integer(BigInteger.ZERO);
        byte[] paddedR = Der.element(Der.INTEGER, new byte[1], numbers[0].toByteArray());

        assertRefused(key, Der.element(Der.SEQUENCE, r));
        assertRefused(key, Der.element(Der.SEQUENCE, r, s, extra));
        assertRefused(key, Bytes.concat(Der.element(Der.SEQUENCE, r, s), extra));
        assertRefused(key, Der.element(0x31, r, s));
        assertRefused(key, Der.element(Der.SEQUENCE, Der.element(Der.OCTET_STRING, numbers[0].toByteArray()), s));
        assertRefused(key, Der.element(Der.SEQUENCE, zero, s));
        assertRefused(key, Der.element(Der.SEQUENCE, r, zero));
        assertRefused(key, Der.element(Der.SEQUENCE, Der.integer(N), s));
        assertRefused(key, Der.element(Der.SEQUENCE, r, Der.integer(N)));
        assertRefused(key, Der.element(Der.SEQUENCE, Der.integer(numbers[0].add(N)), s));
        assertRefused(key, Der.element(Der.SEQUENCE, r, Der.integer(numbers[1].negate())));
        assertRefused(key, Der.element(Der.SEQUENCE, paddedR, s));
        assertRefused(key, Bytes.concat(new byte[] {0x30, (byte) 0x81, (byte) (r.length + s.length)}, r, s));
        assertRefused(key, new byte[0]);
        assertRefused(key, new byte[10_000]);
    }

    private static void assertRefused(PrivateKey key, byte[] signature) {
        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, signature))
                .as(Hex.text(signature))
                .isFalse();
    }

    private static byte[] der(BigInteger r, BigInteger s) {
        return Der.element(Der.SEQUENCE, Der.integer(r), Der.integer(s));
    }

    private static BigInteger[] numbers(byte[] signature) {
        try {
            Der sequence = Der.of(signature).sequence();
            return new BigInteger[] {sequence.unsigned(), sequence.unsigned()};
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }
}
