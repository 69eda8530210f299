package org.minip2p.noise;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * SHA-256 and the functions that Noise builds on it. HMAC is implemented here on one digest: with a new key for each use this is faster
 * than the JDK's {@code Mac}.
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#hash-functions">Noise, section 4.3</a>
 */
final class Hkdf {
    static final int HASH_BYTES = 32;

    private static final int BLOCK_BYTES = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final MessageDigest sha256;

    // Wiped after each use, and so is the digest, which keeps its last result.
    private final byte[] pad = new byte[BLOCK_BYTES];
    private final byte[] temporaryKey = new byte[HASH_BYTES];
    private final byte[] chained = new byte[HASH_BYTES + 1];

    Hkdf() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The hash of two concatenated byte strings.
     *
     * @param first {@value #HASH_BYTES} bytes; the result replaces them
     * @param second holds the second one from {@code offset} on, {@code length} bytes
     */
    void hash(byte[] first, byte[] second, int offset, int length) {
        sha256.update(first);
        sha256.update(second, offset, length);
        digest(first);
    }

    /**
     * {@code HKDF} with two outputs and no info.
     *
     * @param chainingKey the salt, {@value #HASH_BYTES} bytes
     * @param input the input key material; may be empty
     * @param first gets the first output, {@value #HASH_BYTES} bytes; may be the chaining key itself
     * @param second gets the second output, {@value #HASH_BYTES} bytes
     */
    void derive(byte[] chainingKey, byte[] input, byte[] first, byte[] second) {
        hmac(chainingKey, input, input.length, temporaryKey);
        chained[0] = 1;
        hmac(temporaryKey, chained, 1, first);
        System.arraycopy(first, 0, chained, 0, HASH_BYTES);
        chained[HASH_BYTES] = 2;
        hmac(temporaryKey, chained, chained.length, second);
        sha256.reset();
        Arrays.fill(temporaryKey, (byte) 0);
        Arrays.fill(chained, (byte) 0);
    }

    private void hmac(byte[] key, byte[] data, int length, byte[] mac) {
        updatePad(key, INNER_PAD);
        sha256.update(data, 0, length);
        digest(mac);
        updatePad(key, OUTER_PAD);
        sha256.update(mac, 0, HASH_BYTES);
        digest(mac);
        Arrays.fill(pad, (byte) 0);
    }

    private void digest(byte[] result) {
        try {
            sha256.digest(result, 0, HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("the result has room for a hash", e);
        }
    }

    private void updatePad(byte[] key, byte with) {
        Arrays.fill(pad, with);
        for (int i = 0; i < HASH_BYTES; i++) {
            pad[i] = (byte) (key[i] ^ with);
        }
        sha256.update(pad);
    }
}
