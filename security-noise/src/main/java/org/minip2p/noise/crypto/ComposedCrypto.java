package org.minip2p.noise.crypto;

/** A {@link NoiseCrypto} put together from its parts. */
record ComposedCrypto(String name, X25519 x25519, Aead.Factory factory) implements NoiseCrypto {
    static final NoiseCrypto STANDARD =
            new ComposedCrypto("ChaCha20-Poly1305: JDK, X25519: BouncyCastle", new BouncyCastleX25519(), JdkAead::new);
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
