package org.minip2p.core;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Ed25519 keys (PID-16 to PID-20). Verification is strict: S is below the group order, points are in their canonical encoding.
 * BouncyCastle does everything, except that Conscrypt verifies if it is on the class path.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#ed25519">peer ids, Ed25519</a>
 */
final class Ed25519Key {
    private static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;
    private static final int PUBLIC_BYTES = Ed25519.PUBLIC_KEY_SIZE;

    /** How signatures are verified here. */
    private static final Verification VERIFICATION =
            ConscryptEd25519.INSTANCE.<Verification>map(Function.identity()).orElse(Ed25519Key::verifyByBouncyCastle);

    private Ed25519Key() {}

    /** Verifies signatures of 64 bytes. Both implementations accept exactly the same ones. */
    @FunctionalInterface
    interface Verification {
        /**
         * Whether a signature is valid.
         *
         * @param key 32 bytes of a validated key
         * @param signature 64 bytes
         */
        boolean verify(byte[] key, byte[] message, byte[] signature);
    }

    static boolean verifyByBouncyCastle(byte[] key, byte[] message, byte[] signature) {
        return Ed25519.verify(signature, 0, key, 0, message, 0, message.length);
    }

    /** Reads 32 bytes of RFC 8032, and checks the point that they encode. */
    static Verifier readPublic(byte[] data) throws InvalidKeyException {
        if (data.length != PUBLIC_BYTES) {
            throw new InvalidKeyException("an Ed25519 public key has 32 bytes, not " + data.length);
        }
        if (!Ed25519.validatePublicKeyPartial(data, 0)) {
            throw new InvalidKeyException("the Ed25519 public key is no point of the curve, or one of small order");
        }
        return new Public(data);
    }

    /** Reads seed and public key, or the old form with the public key twice (PID-17 to PID-19). */
    static Signer readPrivate(byte[] data) throws InvalidKeyException {
        int expected = SEED_BYTES + PUBLIC_BYTES;
        if (data.length != expected && data.length != expected + PUBLIC_BYTES) {
            throw new InvalidKeyException(
                    "an Ed25519 private key has 64 bytes, or 96 in its old form, not " + data.length);
        }
        Private key = new Private(Arrays.copyOf(data, SEED_BYTES));
        for (int at = SEED_BYTES; at < data.length; at += PUBLIC_BYTES) {
            byte[] written = Arrays.copyOfRange(data, at, at + PUBLIC_BYTES);
            if (!MessageDigest.isEqual(written, key.verifier.data)) {
                throw new InvalidKeyException("the Ed25519 private key's public half does not belong to its seed");
            }
        }
        return key;
    }

    static Signer generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new Private(seed);
    }

    private static final class Public implements Verifier {
        /** The point is computed again when it is needed: a key is kept after its proof, but rarely used again. */
        private final byte[] data;

        Public(byte[] data) {
            this.data = data;
        }

        @Override
        public byte[] data() {
            return data;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return signature.length == Ed25519.SIGNATURE_SIZE && VERIFICATION.verify(data, message, signature);
        }
    }

    private static final class Private implements Signer {
        private final byte[] seed;
        private final Public verifier;

        Private(byte[] seed) {
            this.seed = seed;
            byte[] encoded = new byte[PUBLIC_BYTES];
            Ed25519.generatePublicKey(seed, 0, encoded, 0);
            this.verifier = new Public(encoded);
        }

        @Override
        public byte[] data() {
            return Bytes.concat(seed, verifier.data);
        }

        @Override
        public Verifier verifier() {
            return verifier;
        }

        @Override
        public byte[] sign(byte[] message) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, verifier.data, 0, message, 0, message.length, signature, 0);
            return signature;
        }
    }
}
