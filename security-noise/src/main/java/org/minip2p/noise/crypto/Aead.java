package org.minip2p.noise.crypto;

import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;

/**
 * ChaCha20-Poly1305 under one key, for the messages of one direction. In an array it works in place: the cipher text replaces the plain text,
 * followed by the tag. In direct memory it reads from one buffer and writes to another, since native ciphers copy overlapping input.
 *
 * <p>The caller supplies the nonce, and must never use one twice. After {@link #open} has failed, the content of the buffer is unspecified:
 * implementations differ.
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-chachapoly-cipher-functions">Noise, section 12.3</a>
 */
public interface Aead extends AutoCloseable {
    /** Length of a key, in bytes. */
    int KEY_BYTES = 32;

    /** Length of the tag behind each cipher text, in bytes. */
    int TAG_BYTES = 16;

    /** Creates the {@link Aead} of a key. */
    @FunctionalInterface
    interface Factory {
        /**
         * {@return the cipher under a key}
         *
         * @param key {@value Aead#KEY_BYTES} bytes; copied, so that the caller can wipe its own
         */
        Aead create(byte[] key);
    }

    /** {@return whether it is fastest on direct memory; if not, callers use arrays} */
    boolean isDirect();

    /**
     * Seals a message in place.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData authenticated with the message, may be empty
     * @param buffer holds the plain text, and {@value #TAG_BYTES} bytes of room behind it
     * @param offset where the plain text starts
     * @param length length of the plain text, in bytes
     */
    void seal(long nonce, byte[] associatedData, byte[] buffer, int offset, int length);

    /**
     * Opens a message in place.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData what was authenticated with the message
     * @param buffer holds the cipher text and its tag
     * @param offset where the cipher text starts
     * @param length length of cipher text and tag, in bytes, at least {@value #TAG_BYTES}
     * @throws AEADBadTagException when the tag is not that of this key, nonce, data and cipher text
     */
    void open(long nonce, byte[] associatedData, byte[] buffer, int offset, int length) throws AEADBadTagException;

    /**
     * Seals a message from one buffer into another. An implementation for direct memory overrides this; otherwise it is copied through an array.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData authenticated with the message, may be empty
     * @param plainText the plain text, between position and limit, which stay
     * @param message takes cipher text and tag: {@value #TAG_BYTES} bytes more, between position and limit, which stay. It shares no memory with
     *     the plain text
     */
    default void seal(long nonce, byte[] associatedData, ByteBuffer plainText, ByteBuffer message) {
        int length = plainText.remaining();
        byte[] copy = new byte[length + TAG_BYTES];
        plainText.get(plainText.position(), copy, 0, length);
        seal(nonce, associatedData, copy, 0, length);
        message.put(message.position(), copy);
    }

    /**
     * Opens a message from one buffer into another. An implementation for direct memory overrides this; otherwise it is copied through an array.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData what was authenticated with the message
     * @param message cipher text and tag, between position and limit, which stay
     * @param plainText takes the plain text between position and limit, which stay. It is as long as the message, and its last {@value #TAG_BYTES}
     *     bytes are unspecified afterwards. It shares no memory with the message
     * @throws AEADBadTagException when the tag is not that of this key, nonce, data and cipher text
     */
    default void open(long nonce, byte[] associatedData, ByteBuffer message, ByteBuffer plainText)
            throws AEADBadTagException {
        byte[] copy = new byte[message.remaining()];
        message.get(message.position(), copy);
        open(nonce, associatedData, copy, 0, copy.length);
        plainText.put(plainText.position(), copy, 0, copy.length - TAG_BYTES);
    }

    /** Wipes the key, as far as the implementation allows. */
    @Override
    void close();
}
