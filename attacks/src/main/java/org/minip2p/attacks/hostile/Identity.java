package org.minip2p.attacks.hostile;

import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;

/**
 * Who a hostile peer says it is, proved once for all of its connections: signing costs it nothing afterwards.
 *
 * @param key its key
 * @param noise the proof
 */
public record Identity(PrivateKey key, NoiseIdentity noise) {
    /** A new one. */
    public static Identity create() {
        return of(PrivateKey.generate(KeyType.ED25519));
    }

    static Identity of(PrivateKey key) {
        return new Identity(key, NoiseIdentity.create(key, NoiseConfig.defaults()));
    }
}
