package org.minip2p.noise;

import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.PublicKey;
import org.minip2p.noise.crypto.KeyPair;

/** Identities for tests, honest and forged. */
public final class TestKeys {
    private TestKeys() {}

    /** An honest identity with a new Ed25519 key. */
    public static NoiseIdentity honest() {
        return NoiseIdentity.create(PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults());
    }

    /** An identity that presents a key and a signature that the test supplies. */
    public static NoiseIdentity forged(PublicKey shown, byte[] signature, KeyPair staticKey) {
        return new NoiseIdentity(shown, signature, staticKey, NoiseConfig.defaults());
    }

    /** A new static key. */
    public static KeyPair staticKey() {
        return NoiseConfig.defaults().crypto().x25519().generate();
    }

    /** The bytes that an honest identity signs. */
    public static byte[] signedBytes(KeyPair staticKey) {
        return HandshakePayload.signedBytes(staticKey.publicKey());
    }

    /** A payload of any content. */
    public static byte[] payload(byte[] key, byte[] signature, String... muxers) {
        return HandshakePayload.encode(key, signature, java.util.List.of(muxers));
    }
}
