package org.minip2p.noise.crypto;

import java.util.Arrays;

/**
 * An X25519 key pair. It owns its arrays: callers must only read them.
 *
 * <p>Not synchronized: it must not be wiped while it is in use.
 */
public final class KeyPair {
    private final byte[] privateKey;
    private final byte[] publicKey;

    /**
     * Creates a pair of matching keys.
     *
     * @param privateKey {@value X25519#KEY_BYTES} bytes, not copied
     * @param publicKey {@value X25519#KEY_BYTES} bytes, not copied
     */
    public KeyPair(byte[] privateKey, byte[] publicKey) {
        if (privateKey.length != X25519.KEY_BYTES || publicKey.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("an X25519 key has " + X25519.KEY_BYTES + " bytes, not "
                    + privateKey.length + " and " + publicKey.length);
        }
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** {@return the private key itself, not a copy} */
    public byte[] privateKey() {
        return privateKey;
    }

    /** {@return the public key itself, not a copy} */
    public byte[] publicKey() {
        return publicKey;
    }

    /** {@return the same pair with a copy of the private key, which can be wiped separately} */
    public KeyPair copy() {
        return new KeyPair(privateKey.clone(), publicKey);
    }

    /** Overwrites the private key. */
    public void wipe() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
