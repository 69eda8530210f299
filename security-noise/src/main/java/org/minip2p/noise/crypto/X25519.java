package org.minip2p.noise.crypto;

/**
 * The Diffie-Hellman functions of Noise's {@code 25519}.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-25519-dh-functions">Noise, section 12.1</a>
 */
public interface X25519 {
    /** Length of a private key, a public key and a shared secret, in bytes. */
    int KEY_BYTES = 32;

    /** {@return a new random key pair} */
    KeyPair generate();

    /**
     * {@return the key pair of a private key}
     *
     * @param privateKey {@value #KEY_BYTES} bytes, not copied
     */
    KeyPair keyPair(byte[] privateKey);

    /**
     * The shared secret of two keys. The top bit of the public key is ignored (RFC 7748, section 5).
     *
     * @param privateKey ours, {@value #KEY_BYTES} bytes
     * @param publicKey theirs, {@value #KEY_BYTES} bytes
     * @param secret gets the {@value #KEY_BYTES} bytes of the shared secret
     * @return false when the secret is all zero: the public key is a point of low order, and the secret is known to
     *     everyone
     */
    boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret);
}
