package org.minip2p.noise;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * SHA-256 and the functions that Noise builds on it. HMAC is made by hand on the one digest: with a new key at each use that is faster than
 * the JDK's {@code Mac}.
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
    private final byte[] pad = new byte[BLOCK_BYTES];

    Hkdf() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of two byte strings, one behind the other, the second one a part of an array. */
    byte[] hash(byte[] first, byte[] second, int offset, int length) {
        sha256.update(first);
        sha256.update(second, offset, length);
        return sha256.digest();
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
        byte[] temporaryKey = new byte[HASH_BYTES];
        byte[] chained = new byte[HASH_BYTES + 1];
        hmac(chainingKey, input, input.length, temporaryKey);
        chained[0] = 1;
        hmac(temporaryKey, chained, 1, first);
        System.arraycopy(first, 0, chained, 0, HASH_BYTES);
        chained[HASH_BYTES] = 2;
        hmac(temporaryKey, chained, chained.length, second);
        Arrays.fill(temporaryKey, (byte) 0);
        Arrays.fill(chained, (byte) 0);
    }

    private void hmac(byte[] key, byte[] data, int length, byte[] mac) {
        try {
            updatePad(key, INNER_PAD);
            sha256.update(data, 0, length);
            sha256.digest(mac, 0, HASH_BYTES);
            updatePad(key, OUTER_PAD);
            sha256.update(mac, 0, HASH_BYTES);
            sha256.digest(mac, 0, HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        } finally {
            Arrays.fill(pad, (byte) 0);
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
