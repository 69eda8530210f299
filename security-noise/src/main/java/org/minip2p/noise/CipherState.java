package org.minip2p.noise;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * A key and the number of the next message under it: the {@code CipherState} of the specification.
 *
 * <p>Arrays are processed in place: the cipher text replaces the plain text, with {@value #TAG_BYTES} bytes more. A failed message does not
 * change the nonce; its bytes are then unspecified. There is no {@code Rekey}: libp2p defines none (NOI-21).
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-cipherstate-object">Noise, section 5.1</a>
 */
public final class CipherState implements AutoCloseable {
    /** Length of the tag behind each cipher text, in bytes. */
    public static final int TAG_BYTES = Aead.TAG_BYTES;

    /** The nonce that is never used: 2^64 - 1, the highest as an unsigned number (Noise, section 5.1; NOI-22). */
    private static final long RESERVED_NONCE = -1L;

    private static final byte[] NO_DATA = new byte[0];

    private final NoiseCrypto crypto;
    private byte @Nullable [] key;
    private @Nullable Aead aead;
    private long nonce;

    CipherState(NoiseCrypto crypto) {
        this.crypto = crypto;
    }

    /**
     * A state for transport messages, with its nonces at 0. It keeps no separate copy of the key, since the state is never copied: there is
     * one for each direction of each connection.
     *
     * @param key {@value Aead#KEY_BYTES} bytes, copied
     */
    static CipherState ofTransport(NoiseCrypto crypto, byte[] key) {
        CipherState state = new CipherState(crypto);
        state.aead = crypto.aead(key);
        return state;
    }

    /**
     * {@code InitializeKey}: takes a key, and starts its nonces at 0.
     *
     * @param newKey {@value Aead#KEY_BYTES} bytes, copied
     */
    void initializeKey(byte[] newKey) {
        close();
        key = Arrays.copyOf(newKey, Aead.KEY_BYTES);
        nonce = 0;
    }

    /** {@code HasKey}: without a key, messages are not encrypted. */
    boolean hasKey() {
        return key != null || aead != null;
    }

    /** How many bytes a message grows by when it is encrypted: a tag, once there is a key. */
    int overhead() {
        return hasKey() ? TAG_BYTES : 0;
    }

    /**
     * {@code SetNonce}: the number of the next message.
     *
     * @param newNonce an unsigned 64-bit number
     */
    void setNonce(long newNonce) {
        nonce = newNonce;
    }

    /** The number of the next message, an unsigned 64-bit number. */
    long nonce() {
        return nonce;
    }

    /** Whether direct memory suits the cipher better than arrays. */
    public boolean isDirect() {
        return aead().isDirect();
    }

    /**
     * {@code EncryptWithAd}, in place.
     *
     * @param associatedData authenticated with the message
     * @param buffer holds the plain text and {@value #TAG_BYTES} bytes of room behind it
     * @param offset where the plain text starts
     * @param length length of the plain text, in bytes
     * @throws CipherException when the nonces are used up; nothing was encrypted
     */
    void encryptWithAd(byte[] associatedData, byte[] buffer, int offset, int length) throws CipherException {
        checkNonce();
        aead().seal(nonce, associatedData, buffer, offset, length);
        nonce++;
    }

    /**
     * {@code DecryptWithAd}, in place.
     *
     * @param associatedData what was authenticated with the message
     * @param buffer holds cipher text and tag
     * @param offset where the cipher text starts
     * @param length length of cipher text and tag, in bytes, at least {@value #TAG_BYTES}
     * @throws CipherException when the tag does not match, or the nonces are used up
     */
    void decryptWithAd(byte[] associatedData, byte[] buffer, int offset, int length) throws CipherException {
        checkNonce();
        try {
            aead().open(nonce, associatedData, buffer, offset, length);
        } catch (AEADBadTagException e) {
            throw badTag(length, e);
        }
        nonce++;
    }

    /**
     * Encrypts a transport message in place; it has no associated data (NOI-10).
     *
     * @param buffer holds the plain text and {@value #TAG_BYTES} bytes of room behind it
     * @param offset where the plain text starts
     * @param length length of the plain text, in bytes
     * @throws CipherException when the nonces are used up; nothing was encrypted
     */
    public void encrypt(byte[] buffer, int offset, int length) throws CipherException {
        encryptWithAd(NO_DATA, buffer, offset, length);
    }

    /**
     * Encrypts a transport message from one buffer into another, which share no memory. Positions and limits stay.
     *
     * @param plainText the plain text, between position and limit
     * @param message takes cipher text and tag between position and limit, {@value #TAG_BYTES} bytes more
     * @throws CipherException when the nonces are used up; nothing was encrypted
     */
    public void encrypt(ByteBuffer plainText, ByteBuffer message) throws CipherException {
        checkNonce();
        aead().seal(nonce, NO_DATA, plainText, message);
        nonce++;
    }

    /**
     * Decrypts a transport message in place.
     *
     * @param buffer holds cipher text and tag
     * @param offset where the cipher text starts
     * @param length length of cipher text and tag, in bytes, at least {@value #TAG_BYTES}
     * @throws CipherException when the tag does not match, or the nonces are used up
     */
    public void decrypt(byte[] buffer, int offset, int length) throws CipherException {
        decryptWithAd(NO_DATA, buffer, offset, length);
    }

    /**
     * Decrypts a transport message from one buffer into another, which share no memory. Positions and limits stay.
     *
     * @param message cipher text and tag, between position and limit
     * @param plainText takes the plain text between position and limit; as long as the message, the last {@value #TAG_BYTES} bytes are
     *     unspecified afterwards
     * @throws CipherException when the tag does not match, or the nonces are used up
     */
    public void decrypt(ByteBuffer message, ByteBuffer plainText) throws CipherException {
        checkNonce();
        try {
            aead().open(nonce, NO_DATA, message, plainText);
        } catch (AEADBadTagException e) {
            throw badTag(message.remaining(), e);
        }
        nonce++;
    }

    /** Takes over key and nonce of another state, and keeps both apart; not of a state {@link #ofTransport}. */
    void set(CipherState other) {
        if (other.aead != null && other.key == null) {
            throw new IllegalStateException("a state for transport messages is not copied");
        }
        close();
        if (other.key != null) {
            initializeKey(other.key);
            nonce = other.nonce;
        }
    }

    /** Wipes the key. */
    @Override
    public void close() {
        if (key != null) {
            Arrays.fill(key, (byte) 0);
            key = null;
        }
        if (aead != null) {
            aead.close();
            aead = null;
        }
    }

    private Aead aead() {
        if (aead == null) {
            if (key == null) {
                throw new IllegalStateException("there is no key, or it was wiped");
            }
            aead = crypto.aead(key);
        }
        return aead;
    }

    private void checkNonce() throws CipherException {
        if (nonce == RESERVED_NONCE) {
            throw new CipherException(
                    CipherException.Reason.NONCES_EXHAUSTED, "all 2^64 - 1 nonces of this key have been used", null);
        }
    }

    private CipherException badTag(int length, AEADBadTagException cause) {
        String message =
                "the tag of message " + Long.toUnsignedString(nonce) + ", " + length + " bytes, does not match";
        return new CipherException(CipherException.Reason.BAD_TAG, message, cause);
    }
}
