package org.minip2p.noise.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The JDK's ChaCha20-Poly1305, on arrays: with direct buffers it would copy through a new array at each call.
 *
 * <p>Confined to one thread at a time.
 */
final class JdkAead implements Aead {
    /*
     * The cipher is given its nonce by a new init for each message, and opens with a single doFinal, since update keeps what it decrypts
     * back until the tag. Input and output share their offset: output ahead of input gives wrong cipher text without an exception.
     */
    private static final String TRANSFORMATION = "ChaCha20-Poly1305";
    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;

    private final SecretKeySpec key;
    private final byte[] iv = new byte[NONCE_BYTES];
    private Cipher cipher = newCipher();

    JdkAead(byte[] key) {
        this.key = new SecretKeySpec(key, 0, KEY_BYTES, "ChaCha20");
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public void seal(long nonce, byte[] associatedData, byte[] buffer, int offset, int length) {
        try {
            init(Cipher.ENCRYPT_MODE, nonce, associatedData);
            cipher.doFinal(buffer, offset, length, buffer, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + length + " bytes failed", e);
        }
    }

    @Override
    public void open(long nonce, byte[] associatedData, byte[] buffer, int offset, int length)
            throws AEADBadTagException {
        try {
            init(Cipher.DECRYPT_MODE, nonce, associatedData);
            cipher.doFinal(buffer, offset, length, buffer, offset);
        } catch (AEADBadTagException e) {
            // This one would refuse the same nonce from now on, although no message was opened with it.
            cipher = newCipher();
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes failed", e);
        }
    }

    /** Lets go of the cipher with the key in it: the JDK has no means to wipe either. */
    @Override
    public void close() {
        cipher = newCipher();
    }

    private void init(int mode, long nonce, byte[] associatedData) throws GeneralSecurityException {
        LITTLE_ENDIAN_LONG.set(iv, COUNTER_OFFSET, nonce);
        cipher.init(mode, key, new IvParameterSpec(iv));
        if (associatedData.length > 0) {
            cipher.updateAAD(associatedData);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + TRANSFORMATION, e);
        }
    }
}
