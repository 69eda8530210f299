package org.minip2p.core;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.minip2p.core.testing.Vectors;

/** The keys of the vectors by name, and functions that make key messages. */
final class KeyTestData {
    static final Vectors PEER_IDS = Vectors.load("peer-ids");

    /** The message that go's fixtures sign. */
    static final byte[] FIXTURE_MESSAGE = Hex.bytes("4c696270327020697320746865205f626573745f21");

    /** The rsaEncryption algorithm with its NULL parameters. */
    private static final byte[] RSA_ALGORITHM = Hex.bytes("300d06092a864886f70d0101010500");

    private KeyTestData() {}

    static List<Vectors> keys() {
        return PEER_IDS.list("keys");
    }

    static Vectors key(String name) {
        return keys().stream()
                .filter(key -> key.text("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    static PublicKey publicKey(String name) throws InvalidKeyException {
        return PublicKey.decode(key(name).hex("public_key_protobuf"));
    }

    static PrivateKey privateKey(String name) throws InvalidKeyException {
        return PrivateKey.decode(key(name).hex("private_key_protobuf"));
    }

    static byte[] message(KeyType type, byte[] data) {
        return KeyMessages.encode(type, data);
    }

    /** A SubjectPublicKeyInfo for RSA. */
    static byte[] rsaInfo(BigInteger modulus, BigInteger exponent) {
        byte[] numbers = Der.element(Der.SEQUENCE, Der.integer(modulus), Der.integer(exponent));
        return Der.element(Der.SEQUENCE, RSA_ALGORITHM, Der.element(Der.BIT_STRING, new byte[1], numbers));
    }

    /** An odd number of exactly this many bits. */
    static BigInteger modulus(int bits) {
        return new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0);
    }

    /** A source of randomness that gives these bytes, one array after the other. */
    static SecureRandom drawing(byte[]... draws) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;
            private int drawn;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(draws[drawn++], 0, bytes, 0, bytes.length);
            }
        };
    }

    static byte[] flip(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return changed;
    }

    static byte[] lengthen(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[] shorten(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - 1);
    }
}
