package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class RsaKeyTest {
    private static final BigInteger F4 = BigInteger.valueOf(65_537);

    /** The bytes before the number of a modulus of 2,048 bits in its SubjectPublicKeyInfo. */
    private static final int RSA_HEAD_BYTES = 32;

    /** The DigestInfo of SHA-256, RFC 8017, 9.2, note 1. */
    private static final byte[] DIGEST_INFO = Hex.bytes("3031300d060960864801650304020105000420");

    @Conforms("PID-29")
    @Test
    void makesTheSignatureOfGo() throws InvalidKeyException {
        Vectors signed = KeyTestData.key("go-fixture-rsa").list("signatures").get(0);

        assertThat(KeyTestData.privateKey("go-fixture-rsa").sign(signed.hex("message")))
                .isEqualTo(signed.hex("signature"));
    }

    @Conforms("PID-30")
    @ParameterizedTest
    @ValueSource(ints = {2_048, 2_049, 3_072, 4_096, 8_192})
    void readsModuliOf2048To8192Bits(int bits) throws InvalidKeyException {
        byte[] data = KeyTestData.rsaInfo(KeyTestData.modulus(bits), F4);

        assertThat(PublicKey.decode(KeyTestData.message(KeyType.RSA, data)).data())
                .isEqualTo(data);
    }

    @Conforms("PID-30")
    @ParameterizedTest
    @ValueSource(ints = {512, 1_024, 2_047, 8_193, 8_200, 16_384, 100_000})
    void refusesShorterAndLongerModuli(int bits) {
        byte[] data = KeyTestData.rsaInfo(KeyTestData.modulus(bits), BigInteger.valueOf(3));

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.RSA, data)));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> RsaKey.readPublic(data));
    }

    // SEC-17, CVE-2023-39533: each refusal takes less than a millisecond, with a margin for a busy machine
    @Test
    void refusesAKeyOf16384BitsWithoutComputingWithIt() {
        byte[] message = KeyTestData.message(KeyType.RSA, KeyTestData.rsaInfo(KeyTestData.modulus(16_384), F4));
        Instant start = Instant.now();

        for (int i = 0; i < 2_000; i++) {
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(message));
        }

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void theLargestKeyJustFitsIntoTheLongestMessage() throws InvalidKeyException {
        BigInteger exponent = BigInteger.valueOf(Integer.MAX_VALUE);
        byte[] message = KeyTestData.message(KeyType.RSA, KeyTestData.rsaInfo(KeyTestData.modulus(8_192), exponent));

        assertThat(message).hasSize(PublicKey.MAX_ENCODED_BYTES);
        assertThat(PublicKey.decode(message).encoded()).isEqualTo(message);
    }

    @Conforms("PID-30")
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 65_537, Integer.MAX_VALUE})
    void readsOddExponentsOf2To31Bits(int exponent) throws InvalidKeyException {
        byte[] data = KeyTestData.rsaInfo(KeyTestData.modulus(2_048), BigInteger.valueOf(exponent));

        assertThat(PublicKey.decode(KeyTestData.message(KeyType.RSA, data)).data())
                .isEqualTo(data);
    }

    // A long exponent costs as much as a long modulus.
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "65536", "4294967297", "340282366920938463463374607431768211457"})
    void refusesExponentsThatAreEvenTooSmallOrTooLong(BigInteger exponent) {
        byte[] data = KeyTestData.rsaInfo(KeyTestData.modulus(2_048), exponent);

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.RSA, data)));
    }

    @Test
    void refusesAnEvenModulus() {
        byte[] data = KeyTestData.rsaInfo(KeyTestData.modulus(2_048).clearBit(0), F4);

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.RSA, data)));
    }

    // Any change to the structure around the numbers is refused
    @Conforms({"PID-28", "PID-7"})
    @Test
    void refusesEveryOtherEncodingOfAPublicKey() throws InvalidKeyException {
        byte[] good = KeyTestData.publicKey("go-fixture-rsa").data();
        byte[] pkcs1 = Arrays.copyOfRange(good, 24, good.length);

        for (int bit = 0; bit < RSA_HEAD_BYTES * Byte.SIZE; bit++) {
            assertRefused(KeyTestData.flip(good, bit));
        }
        assertRefused(KeyTestData.lengthen(good));
        assertRefused(KeyTestData.shorten(good));
        assertRefused(pkcs1);
        // Without the NULL, and with a NULL that is not empty.
        assertRefused(info("300b06092a864886f70d010101", pkcs1));
        assertRefused(info("300e06092a864886f70d010101050100", pkcs1));
        // The algorithm of PSS keys.
        assertRefused(info("300d06092a864886f70d01010a0500", pkcs1));
    }

    /** Extra bytes after the last element of each sequence, and bit strings that are not whole bytes. */
    @Conforms({"PID-28", "PID-7"})
    @Test
    void refusesWhatIsLeftOverAnywhereInAPublicKey() throws InvalidKeyException {
        byte[] good = KeyTestData.publicKey("go-fixture-rsa").data();
        byte[] pkcs1 = Arrays.copyOfRange(good, 24, good.length);
        byte[] algorithm = Arrays.copyOfRange(good, 4, 19);
        byte[] extra = Hex.bytes("0500");
        byte[] numbers = Arrays.copyOfRange(pkcs1, 4, pkcs1.length);
        byte[] none = {};
        byte[] noUnusedBits = {0};

        assertThat(infoOf(algorithm, Der.element(Der.BIT_STRING, noUnusedBits, pkcs1)))
                .isEqualTo(good);
        assertRefused(infoOf(algorithm, Der.element(Der.BIT_STRING, noUnusedBits, pkcs1), extra));
        assertRefused(info("300f06092a864886f70d01010105000500", pkcs1));
        assertRefused(infoOf(algorithm, Der.element(Der.BIT_STRING, noUnusedBits, pkcs1, extra)));
        byte[] moreNumbers = Der.element(Der.SEQUENCE, numbers, Der.integer(F4));
        assertRefused(infoOf(algorithm, Der.element(Der.BIT_STRING, noUnusedBits, moreNumbers)));
        assertRefused(infoOf(algorithm, Der.element(Der.BIT_STRING, none)));
        assertRefused(infoOf(algorithm, Der.element(Der.BIT_STRING, new byte[] {1}, pkcs1)));
    }

    private static byte[] infoOf(byte[]... parts) {
        return Der.element(Der.SEQUENCE, parts);
    }

    private static byte[] info(String algorithm, byte[] pkcs1) {
        return Der.element(Der.SEQUENCE, Hex.bytes(algorithm), Der.element(Der.BIT_STRING, new byte[1], pkcs1));
    }

    private static void assertRefused(byte[] data) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .as(Hex.text(data))
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.RSA, data)));
    }

    @Conforms("PID-28")
    @Test
    void refusesPrivateKeysWhoseNumbersDoNotBelongTogether() throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();

        for (int changed = 0; changed < numbers.length; changed++) {
            byte[][] parts = numbers.clone();
            parts[changed] = Der.integer(Der.of(parts[changed]).unsigned().add(BigInteger.TWO));
            byte[] data = Der.element(Der.SEQUENCE, parts);

            assertThatExceptionOfType(InvalidKeyException.class)
                    .as("number %d", changed)
                    .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.RSA, data)));
        }
    }

    @Test
    void refusesZerosInPrivateKeys() throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();

        for (int changed = 1; changed < numbers.length; changed++) {
            byte[][] parts = numbers.clone();
            parts[changed] = Der.integer(BigInteger.ZERO);
            byte[] data = Der.element(Der.SEQUENCE, parts);

            assertThatExceptionOfType(InvalidKeyException.class)
                    .as("number %d", changed)
                    .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.RSA, data)));
        }
    }

    /**
     * RFC 8017, 3.2: d is the inverse of e modulo p-1 and modulo q-1. Here it is the inverse modulo only one of them.
     */
    @Conforms("PID-28")
    @Test
    void refusesAPrivateExponentThatBelongsToOneOfThePrimes() throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();
        BigInteger exponent = Der.of(numbers[3]).unsigned();

        for (int prime = 4; prime <= 5; prime++) {
            byte[][] parts = numbers.clone();
            BigInteger order = Der.of(numbers[prime]).unsigned().subtract(BigInteger.ONE);
            parts[3] = Der.integer(exponent.add(order));

            assertRefusedAsPrivate(parts);
        }
    }

    /** The product of 1 and the modulus is right, too, and there may be an exponent that fits the modulus. */
    @Test
    void refusesOneInThePlaceOfAPrime() throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();

        for (int prime = 4; prime <= 5; prime++) {
            byte[][] parts = numbers.clone();
            parts[prime] = Der.integer(BigInteger.ONE);
            parts[9 - prime] = numbers[1];
            assertRefusedAsPrivate(parts);

            BigInteger order = Der.of(numbers[1]).unsigned().subtract(BigInteger.ONE);
            parts[11 - prime] = Der.integer(Der.of(numbers[2]).unsigned().modInverse(order));
            assertRefusedAsPrivate(parts);
        }
    }

    private static void assertRefusedAsPrivate(byte[][] numbers) {
        byte[] data = Der.element(Der.SEQUENCE, numbers);

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.RSA, data)));
    }

    /** When the given source has no more bytes, no other source takes its place. */
    @Test
    void drawsItsPrimesFromTheSourceThatIsGiven() {
        assertThatThrownBy(() -> RsaKey.generate(KeyTestData.drawing())).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesPrivateKeysThatAreCutOrLonger() throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();
        byte[] good = Der.element(Der.SEQUENCE, numbers);
        byte[] extraNumber = Der.element(Der.SEQUENCE, Bytes.concat(numbers), Der.integer(BigInteger.ONE));

        for (byte[] data : new byte[][] {KeyTestData.lengthen(good), KeyTestData.shorten(good), extraNumber}) {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.RSA, data)));
        }
    }

    // The whole padding is checked. Otherwise signatures for an exponent of 3 could be forged.
    @Conforms("PID-29")
    @Test
    void refusesSignaturesWithAnotherPadding() throws InvalidKeyException, MalformedDerException {
        PrivateKey key = KeyTestData.privateKey("go-fixture-rsa");
        byte[] hash = Bytes.concat(DIGEST_INFO, Sha256.digest(KeyTestData.FIXTURE_MESSAGE));

        byte[] full = block(hash, new byte[0], 1);
        byte[] garbageBehind = block(hash, new byte[10], 1);
        byte[] encryptionBlock = block(hash, new byte[0], 2);
        byte[] otherDigest = block(hash, new byte[0], 1);
        otherDigest[full.length - 1] ^= 1;

        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, raw(full)))
                .isTrue();
        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, raw(garbageBehind)))
                .isFalse();
        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, raw(encryptionBlock)))
                .isFalse();
        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, raw(otherDigest)))
                .isFalse();
        assertThat(key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, new byte[256]))
                .isFalse();
    }

    private static byte[] block(byte[] hash, byte[] behind, int type) {
        byte[] padding = new byte[256 - 3 - hash.length - behind.length];
        Arrays.fill(padding, (byte) 0xff);
        return Bytes.concat(new byte[] {0, (byte) type}, padding, new byte[1], hash, behind);
    }

    /** The bare RSA operation with the fixture's private key. */
    private static byte[] raw(byte[] block) throws InvalidKeyException, MalformedDerException {
        byte[][] numbers = privateNumbers();
        BigInteger modulus = Der.of(numbers[1]).unsigned();
        byte[] result = new BigInteger(1, block)
                .modPow(Der.of(numbers[3]).unsigned(), modulus)
                .toByteArray();
        byte[] signature = new byte[256];
        int length = Math.min(result.length, signature.length);
        System.arraycopy(result, result.length - length, signature, signature.length - length, length);
        return signature;
    }

    /** Version, n, e, d, p, q, dp, dq, qi of the fixture, each in DER. */
    private static byte[][] privateNumbers() throws InvalidKeyException, MalformedDerException {
        KeyMessages.Parsed message = KeyMessages.decode(
                KeyTestData.key("go-fixture-rsa").hex("private_key_protobuf"), KeyMessages.MAX_PRIVATE_BYTES);
        Der sequence = Der.of(message.data()).sequence();
        byte[][] numbers = new byte[9][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Der.integer(sequence.unsigned());
        }
        return numbers;
    }
}
