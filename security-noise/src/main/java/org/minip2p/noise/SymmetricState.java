package org.minip2p.noise;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * The chaining key, the hash of the transcript, and the current key: the {@code SymmetricState} of the specification. XX without a
 * pre-shared key does not need {@code MixKeyAndHash}.
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-symmetricstate-object">Noise, section 5.2</a>
 */
final class SymmetricState implements AutoCloseable {
    private final NoiseCrypto crypto;
    private final Hkdf hkdf;
    private final CipherState cipher;
    private final byte[] chainingKey;
    private final byte[] hash;

    /**
     * {@code InitializeSymmetric}.
     *
     * @param protocolName at most {@value Hkdf#HASH_BYTES} bytes, so that it is the first hash unchanged, padded with zeros
     */
    SymmetricState(String protocolName, NoiseCrypto crypto) {
        byte[] name = protocolName.getBytes(StandardCharsets.US_ASCII);
        if (name.length > Hkdf.HASH_BYTES) {
            throw new IllegalArgumentException("a longer protocol name would have to be hashed: " + protocolName);
        }
        this.crypto = crypto;
        hkdf = new Hkdf();
        cipher = new CipherState(crypto);
        hash = Arrays.copyOf(name, Hkdf.HASH_BYTES);
        chainingKey = hash.clone();
    }

    /** Copies another state; both are independent afterwards. */
    void set(SymmetricState other) {
        cipher.set(other.cipher);
        System.arraycopy(other.hash, 0, hash, 0, Hkdf.HASH_BYTES);
        System.arraycopy(other.chainingKey, 0, chainingKey, 0, Hkdf.HASH_BYTES);
    }

    /**
     * {@code MixKey}: a Diffie-Hellman result goes into the chaining key, and a new key comes out.
     *
     * @param inputKeyMaterial the result; the caller wipes it
     */
    void mixKey(byte[] inputKeyMaterial) {
        byte[] key = new byte[Hkdf.HASH_BYTES];
        hkdf.derive(chainingKey, inputKeyMaterial, chainingKey, key);
        cipher.initializeKey(key);
        Arrays.fill(key, (byte) 0);
    }

    /** {@code MixHash}: bytes as sent go into the hash. */
    void mixHash(byte[] data, int offset, int length) {
        hkdf.hash(hash, data, offset, length);
    }

    /** {@code GetHandshakeHash}: the hash of the transcript; a copy. */
    byte[] handshakeHash() {
        return hash.clone();
    }

    /** How many bytes {@link #encryptAndHash} adds. */
    int overhead() {
        return cipher.overhead();
    }

    /**
     * {@code EncryptAndHash}, in place.
     *
     * @param buffer holds the plain text and room for {@link #overhead} bytes behind it
     * @return the length of the message to send, in bytes
     */
    int encryptAndHash(byte[] buffer, int offset, int length) throws CipherException {
        int sent = length + overhead();
        if (cipher.hasKey()) {
            cipher.encryptWithAd(hash, buffer, offset, length);
        }
        mixHash(buffer, offset, sent);
        return sent;
    }

    /**
     * {@code DecryptAndHash}.
     *
     * @param message the received bytes; not changed
     * @return the plain text
     */
    byte[] decryptAndHash(byte[] message, int offset, int length) throws CipherException {
        byte[] text = Arrays.copyOfRange(message, offset, offset + length);
        int overhead = overhead();
        if (cipher.hasKey()) {
            cipher.decryptWithAd(hash, text, 0, length);
        }
        mixHash(message, offset, length);
        return overhead == 0 ? text : Arrays.copyOf(text, length - overhead);
    }

    /** {@code Split}: the cipher of the initiator's messages, then that of the responder's, both with their nonce at 0. */
    CipherState[] split() {
        byte[] initiators = new byte[Hkdf.HASH_BYTES];
        byte[] responders = new byte[Hkdf.HASH_BYTES];
        hkdf.derive(chainingKey, new byte[0], initiators, responders);
        CipherState[] pair = {CipherState.ofTransport(crypto, initiators), CipherState.ofTransport(crypto, responders)};
        Arrays.fill(initiators, (byte) 0);
        Arrays.fill(responders, (byte) 0);
        return pair;
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        cipher.close();
        Arrays.fill(chainingKey, (byte) 0);
    }
}
