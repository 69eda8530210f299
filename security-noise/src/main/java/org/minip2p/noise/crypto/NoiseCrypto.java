package org.minip2p.noise.crypto;

/**
 * The provider of the primitives: chosen once at start-up, or set by the application or a test. SHA-256 is always the JDK's.
 *
 * <p>A key is wiped when it is no longer needed, and no object that a thread's connections share keeps one. Internal copies of a library
 * are left to the garbage collector: the private key of a new pair, and with Conscrypt that of an agreement.
 *
 * <p>Thread-safe.
 */
public interface NoiseCrypto {
    /** {@return the name for logs} */
    String name();

    /** {@return the Diffie-Hellman functions} */
    X25519 x25519();

    /**
     * {@return the cipher under a key}
     *
     * @param key {@value Aead#KEY_BYTES} bytes, copied
     */
    Aead aead(byte[] key);

    /** {@return the best available: Conscrypt for both when it is on the class path, otherwise {@link #jdk}} */
    static NoiseCrypto standard() {
        return ComposedCrypto.STANDARD;
    }

    /** {@return ChaCha20-Poly1305 from the JDK, X25519 from BouncyCastle} */
    static NoiseCrypto jdk() {
        return ComposedCrypto.JDK;
    }

    /** {@return BouncyCastle for everything} */
    static NoiseCrypto bouncyCastle() {
        return ComposedCrypto.BOUNCY_CASTLE;
    }

    /**
     * Composes a provider of its parts.
     *
     * @param name the name for logs
     * @param x25519 the Diffie-Hellman functions
     * @param aead creates the ciphers
     * @return the provider
     */
    static NoiseCrypto of(String name, X25519 x25519, Aead.Factory aead) {
        return new ComposedCrypto(name, x25519, aead);
    }
}
