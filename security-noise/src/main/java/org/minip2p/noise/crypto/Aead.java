package org.minip2p.noise.crypto;

import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;

/**
 * ChaCha20-Poly1305 under one key, for the messages of one direction. It works in place: the cipher text takes the place of the plain text,
 * followed by the tag.
 *
 * <p>The nonce is the caller's, which has to see to it that none comes twice. What is in the buffer after {@link #open} has failed is
 * unspecified: implementations differ.
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

    /** Makes the {@link Aead} of a key. */
    @FunctionalInterface
    interface Factory {
        /**
         * The cipher under a key.
         *
         * @param key {@value Aead#KEY_BYTES} bytes; copied, so that the caller can wipe its own
         */
        Aead create(byte[] key);
    }

    /** Whether it is fastest on direct memory; if not, callers give it arrays. */
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
     * Seals a message in place. An implementation for direct memory overrides this; otherwise memory without an array is copied.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData authenticated with the message, may be empty
     * @param message between position and limit the plain text, then {@value #TAG_BYTES} bytes of room; position and limit stay
     */
    default void seal(long nonce, byte[] associatedData, ByteBuffer message) {
        int length = message.remaining() - TAG_BYTES;
        if (message.hasArray()) {
            seal(nonce, associatedData, message.array(), message.arrayOffset() + message.position(), length);
            return;
        }
        byte[] copy = new byte[message.remaining()];
        message.get(message.position(), copy);
        seal(nonce, associatedData, copy, 0, length);
        message.put(message.position(), copy);
    }

    /**
     * Opens a message in place. An implementation for direct memory overrides this; otherwise memory without an array is copied.
     *
     * @param nonce message number, 64 bits, unsigned
     * @param associatedData what was authenticated with the message
     * @param message between position and limit the cipher text and its tag; position and limit stay
     * @throws AEADBadTagException when the tag is not that of this key, nonce, data and cipher text
     */
    default void open(long nonce, byte[] associatedData, ByteBuffer message) throws AEADBadTagException {
        if (message.hasArray()) {
            int offset = message.arrayOffset() + message.position();
            open(nonce, associatedData, message.array(), offset, message.remaining());
            return;
        }
        byte[] copy = new byte[message.remaining()];
        message.get(message.position(), copy);
        open(nonce, associatedData, copy, 0, copy.length);
        message.put(message.position(), copy);
    }

    /** Forgets the key, as far as the implementation allows. */
    @Override
    void close();
}
