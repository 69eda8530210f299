package org.minip2p.noise.crypto;

import java.security.SecureRandom;

/**
 * X25519 from BouncyCastle's lightweight API: twice as fast as the JDK's agreement, and five times as fast with new keys.
 *
 * <p>Thread-safe.
 */
final class BouncyCastleX25519 implements X25519 {
    private final SecureRandom random = new SecureRandom();

    @Override
    public KeyPair generate() {
        byte[] privateKey = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePrivateKey(random, privateKey);
        return keyPair(privateKey);
    }

    @Override
    public KeyPair keyPair(byte[] privateKey) {
        byte[] publicKey = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return new KeyPair(privateKey, publicKey);
    }

    @Override
    public boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret) {
        return org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(privateKey, 0, publicKey, 0, secret, 0);
    }
}
