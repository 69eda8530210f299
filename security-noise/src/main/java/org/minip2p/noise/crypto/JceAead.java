package org.minip2p.noise.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * ChaCha20-Poly1305 through the JDK's cipher API: the JDK's own, on arrays, since with direct buffers it would copy through a new array for
 * each call; or Conscrypt's, which is fastest on direct memory.
 *
 * <p>Confined to one thread at a time.
 */
final class JceAead implements Aead {
    /*
     * The cipher gets its nonce by a new init for each message, and opens with a single doFinal, since update holds decrypted bytes back until
     * the tag. In an array, input and output have the same offset: output ahead of input gives wrong cipher text without an exception. In
     * direct memory they are separate: Conscrypt copies overlapping input to its own memory, which takes a tenth of the time, and several
     * times as long if the two addresses are unlucky.
     */
    private final JceCiphers ciphers;
    private final JceCiphers.WipeableKey key;

    JceAead(JceCiphers ciphers, byte[] key) {
        this.ciphers = ciphers;
        this.key = ciphers.key(key);
    }

    @Override
    public boolean isDirect() {
        return ciphers.isDirect();
    }

    @Override
    public void seal(long nonce, byte[] associatedData, byte[] buffer, int offset, int length) {
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(buffer, offset, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + length + " bytes failed", e);
        }
    }

    @Override
    public void open(long nonce, byte[] associatedData, byte[] buffer, int offset, int length)
            throws AEADBadTagException {
        try {
            cipher(Cipher.DECRYPT_MODE, nonce, associatedData).doFinal(buffer, offset, length);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes failed", e);
        }
    }

    @Override
    public void seal(long nonce, byte[] associatedData, ByteBuffer plainText, ByteBuffer message) {
        if (!isDirect()) {
            Aead.super.seal(nonce, associatedData, plainText, message);
            return;
        }
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(plainText, message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + plainText.remaining() + " bytes failed", e);
        }
    }

    @Override
    public void open(long nonce, byte[] associatedData, ByteBuffer message, ByteBuffer plainText)
            throws AEADBadTagException {
        if (!isDirect()) {
            Aead.super.open(nonce, associatedData, message, plainText);
            return;
        }
        try {
            cipher(Cipher.DECRYPT_MODE, nonce, associatedData).doFinal(message, plainText);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + message.remaining() + " bytes failed", e);
        }
    }

    @Override
    public void close() {
        ciphers.wipe(key);
    }

    private JceCiphers.OneCipher cipher(int mode, long nonce, byte[] associatedData) throws GeneralSecurityException {
        JceCiphers.OneCipher cipher = ciphers.init(mode, key, nonce);
        return associatedData.length == 0 ? cipher : cipher.updateAad(associatedData);
    }
}
