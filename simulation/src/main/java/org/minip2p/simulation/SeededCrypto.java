package org.minip2p.simulation;

import java.util.random.RandomGenerator;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.PrivateKey;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/** BouncyCastle with the keys of a seed, so that every byte on the wire is the same in two runs. */
final class SeededCrypto {
    private static final int ED25519_BYTES = 32;

    /** The header of a private key message with an Ed25519 key: its type, and a length of 64 bytes. */
    private static final byte[] HEADER = {8, 1, 18, 64};

    private SeededCrypto() {}

    /** The crypto of a host. */
    static NoiseCrypto of(RandomGenerator random) {
        NoiseCrypto real = NoiseCrypto.bouncyCastle();
        return NoiseCrypto.of("BouncyCastle, seeded", new SeededX25519(real.x25519(), random), real::aead);
    }

    /** Creates an identity. */
    static PrivateKey identity(RandomGenerator random) {
        byte[] seed = new byte[ED25519_BYTES];
        random.nextBytes(seed);
        byte[] message = new byte[HEADER.length + 2 * ED25519_BYTES];
        System.arraycopy(HEADER, 0, message, 0, HEADER.length);
        System.arraycopy(seed, 0, message, HEADER.length, ED25519_BYTES);
        Ed25519.generatePublicKey(seed, 0, message, HEADER.length + ED25519_BYTES);
        try {
            return PrivateKey.decode(message);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("that is how a key is written", e);
        }
    }

    private static final class SeededX25519 implements X25519 {
        private final X25519 real;
        private final RandomGenerator random;

        SeededX25519(X25519 real, RandomGenerator random) {
            this.real = real;
            this.random = random;
        }

        @Override
        public KeyPair generate() {
            byte[] privateKey = new byte[KEY_BYTES];
            random.nextBytes(privateKey);
            return real.keyPair(privateKey);
        }

        @Override
        public KeyPair keyPair(byte[] privateKey) {
            return real.keyPair(privateKey);
        }

        @Override
        public boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret) {
            return real.agree(privateKey, publicKey, secret);
        }
    }
}
