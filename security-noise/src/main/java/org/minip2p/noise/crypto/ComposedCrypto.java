package org.minip2p.noise.crypto;

import org.minip2p.core.Conscrypt;

/** A {@link NoiseCrypto} put together from its parts. */
record ComposedCrypto(String name, X25519 x25519, Aead.Factory factory) implements NoiseCrypto {
    static final NoiseCrypto JDK = new ComposedCrypto(
            "ChaCha20-Poly1305: JDK, X25519: BouncyCastle",
            new BouncyCastleX25519(),
            key -> new JceAead(JceCiphers.JDK, key));
    static final NoiseCrypto STANDARD = Conscrypt.provider()
            .<NoiseCrypto>map(provider -> new ComposedCrypto(
                    "ChaCha20-Poly1305: Conscrypt, X25519: Conscrypt",
                    new ConscryptX25519(provider),
                    key -> new JceAead(JceCiphers.CONSCRYPT, key)))
            .orElse(JDK);
    static final NoiseCrypto BOUNCY_CASTLE = new ComposedCrypto(
            "ChaCha20-Poly1305: BouncyCastle, X25519: BouncyCastle", new BouncyCastleX25519(), BouncyCastleAead::new);

    @Override
    public Aead aead(byte[] key) {
        return factory.create(key);
    }

    @Override
    public String toString() {
        return name;
    }
}
