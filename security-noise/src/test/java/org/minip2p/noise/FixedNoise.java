package org.minip2p.noise;

import java.util.function.Supplier;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/** Noise without randomness. The same input gives the same handshake, which fuzzing needs. */
public final class FixedNoise {
    private static final Vectors VECTOR = Vectors.load("noise-xx");
    private static final NoiseCrypto STANDARD = NoiseConfig.defaults().crypto();
    private static final byte[] OURS = VECTOR.list("vectors").get(0).hex("init_ephemeral");
    private static final byte[] THEIRS = VECTOR.list("vectors").get(0).hex("resp_ephemeral");

    private FixedNoise() {}

    /** Crypto that always generates this key pair. */
    private static NoiseCrypto generating(byte[] privateKey) {
        return generating(STANDARD, () -> STANDARD.x25519().keyPair(privateKey.clone()));
    }

    /** This crypto, with key pairs that the test supplies. */
    static NoiseCrypto generating(NoiseCrypto crypto, Supplier<KeyPair> keyPairs) {
        X25519 fixed = new X25519() {
            @Override
            public KeyPair generate() {
                return keyPairs.get();
            }

            @Override
            public KeyPair keyPair(byte[] key) {
                return crypto.x25519().keyPair(key);
            }

            @Override
            public boolean agree(byte[] key, byte[] publicKey, byte[] secret) {
                return crypto.x25519().agree(key, publicKey, secret);
            }
        };
        return NoiseCrypto.of("fixed", fixed, crypto::aead);
    }

    /** An identity whose static and ephemeral keys are always the same. */
    public static NoiseIdentity identity() {
        try {
            byte[] message = new byte[36];
            message[0] = 8;
            message[1] = 2;
            message[2] = 0x12;
            message[3] = 32;
            message[35] = 1;
            return NoiseIdentity.create(
                    PrivateKey.decode(message), NoiseConfig.defaults().withCrypto(generating(OURS)));
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    /** A peer with the static key of the payload vector. */
    public static RawPeer peer(Role role) {
        KeyPair staticKey =
                STANDARD.x25519().keyPair(VECTOR.object("libp2p_payload").hex("noise_static_private"));
        return new RawPeer(role, staticKey, generating(THEIRS));
    }
}
