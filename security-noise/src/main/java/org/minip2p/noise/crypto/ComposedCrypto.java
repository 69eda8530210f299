package org.minip2p.noise.crypto;

/** A {@link NoiseCrypto} put together from its parts. */
record ComposedCrypto(String name, X25519 x25519, Aead.Factory factory) implements NoiseCrypto {
    static final NoiseCrypto JDK = new ComposedCrypto(
            "ChaCha20-Poly1305: JDK, X25519: BouncyCastle",
            new BouncyCastleX25519(),
            key -> new JceAead(JceAead.Source.JDK, key));
    static final NoiseCrypto STANDARD = ConscryptProvider.isAvailable()
            ? new ComposedCrypto(
                    "ChaCha20-Poly1305: Conscrypt, X25519: BouncyCastle",
                    new BouncyCastleX25519(),
                    key -> new JceAead(JceAead.Source.CONSCRYPT, key))
            : JDK;
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
