package org.minip2p.noise.crypto;

/**
 * Where the primitives come from: chosen once at start-up, or set by whoever embeds a host, or fixed by a test. SHA-256 is always the JDK's.
 *
 * <p>A key is wiped when it is of no more use, and no object that is shared by a thread's connections keeps one. What a library copies for
 * itself and hands to nobody is left to the collector: the private key of a new pair, and with Conscrypt that of an agreement.
 *
 * <p>Thread-safe.
 */
public interface NoiseCrypto {
    /** What to call it in a log. */
    String name();

    /** The Diffie-Hellman functions. */
    X25519 x25519();

    /**
     * The cipher under a key.
     *
     * @param key {@value Aead#KEY_BYTES} bytes, copied
     */
    Aead aead(byte[] key);

    /** The best of what is there: Conscrypt for both when it is on the class path, else {@link #jdk}. */
    static NoiseCrypto standard() {
        return ComposedCrypto.STANDARD;
    }

    /** ChaCha20-Poly1305 from the JDK, X25519 from BouncyCastle. */
    static NoiseCrypto jdk() {
        return ComposedCrypto.JDK;
    }

    /** BouncyCastle for everything. */
    static NoiseCrypto bouncyCastle() {
        return ComposedCrypto.BOUNCY_CASTLE;
    }

    /**
     * Puts one together from its parts.
     *
     * @param name what to call it in a log
     * @param x25519 the Diffie-Hellman functions
     * @param aead makes the ciphers
     */
    static NoiseCrypto of(String name, X25519 x25519, Aead.Factory aead) {
        return new ComposedCrypto(name, x25519, aead);
    }
}
