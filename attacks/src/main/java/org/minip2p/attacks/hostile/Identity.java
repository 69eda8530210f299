package org.minip2p.attacks.hostile;

import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;

/**
 * The identity of a hostile peer. It is signed once for all connections, so that further handshakes cost the peer no signature.
 *
 * @param key its key
 * @param noise the signed proof for Noise handshakes
 */
public record Identity(PrivateKey key, NoiseIdentity noise) {
    /** Creates a new identity. */
    public static Identity create() {
        return of(PrivateKey.generate(KeyType.ED25519));
    }

    static Identity of(PrivateKey key) {
        return new Identity(key, NoiseIdentity.create(key, NoiseConfig.defaults()));
    }
}
