package org.minip2p.noise.crypto;

import java.security.Provider;
import org.minip2p.core.Conscrypt;

/** A {@link NoiseCrypto} composed of its parts. */
record ComposedCrypto(String name, X25519 x25519, Aead.Factory factory) implements NoiseCrypto {
    static final NoiseCrypto JDK = new ComposedCrypto(
            "ChaCha20-Poly1305: JDK, X25519: BouncyCastle",
            new BouncyCastleX25519(),
            key -> new JceAead(JceCiphers.JDK, key));
    static final NoiseCrypto STANDARD =
            Conscrypt.provider().map(ComposedCrypto::conscrypts).orElse(JDK);
    static final NoiseCrypto BOUNCY_CASTLE = new ComposedCrypto(
            "ChaCha20-Poly1305: BouncyCastle, X25519: BouncyCastle", new BouncyCastleX25519(), BouncyCastleAead::new);

    private static NoiseCrypto conscrypts(Provider conscrypt) {
        JceCiphers ciphers = JceCiphers.of(conscrypt);
        return new ComposedCrypto(
                "ChaCha20-Poly1305: Conscrypt, X25519: Conscrypt",
                new ConscryptX25519(conscrypt),
                key -> new JceAead(ciphers, key));
    }

    @Override
    public Aead aead(byte[] key) {
        return factory.create(key);
    }

    @Override
    public String toString() {
        return name;
    }
}
