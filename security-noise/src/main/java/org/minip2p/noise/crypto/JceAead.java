package org.minip2p.noise.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 through the JDK's cipher API: the JDK's own, on arrays, since with direct buffers it would copy through a new array at
 * each call; or Conscrypt's, which is fastest on direct memory.
 *
 * <p>Confined to one thread at a time.
 */
final class JceAead implements Aead {
    /*
     * The cipher is given its nonce by a new init for each message, and opens with a single doFinal, since update keeps what it decrypts
     * back until the tag. Input and output share their offset: output ahead of input gives wrong cipher text without an exception.
     */
    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;

    /** Where the cipher comes from. */
    enum Source {
        /** The JDK. */
        JDK("ChaCha20-Poly1305"),
        /** Conscrypt, where it is on the class path. */
        CONSCRYPT("ChaCha20/Poly1305/NoPadding");

        private final String transformation;

        Source(String transformation) {
            this.transformation = transformation;
        }

        private Cipher cipher() {
            try {
                return this == JDK
                        ? Cipher.getInstance(transformation)
                        : Cipher.getInstance(transformation, ConscryptProvider.get());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(this + " has no " + transformation, e);
            }
        }
    }

    private final Source source;
    private final SecretKeySpec key;
    private final byte[] iv = new byte[NONCE_BYTES];
    private Cipher cipher;

    JceAead(Source source, byte[] key) {
        this.source = source;
        this.key = new SecretKeySpec(key, 0, KEY_BYTES, "ChaCha20");
        this.cipher = source.cipher();
    }

    @Override
    public boolean isDirect() {
        return source == Source.CONSCRYPT;
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
            cipher = source.cipher();
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes failed", e);
        }
    }

    @Override
    public void seal(long nonce, byte[] associatedData, ByteBuffer message) {
        if (!isDirect() || !message.isDirect()) {
            Aead.super.seal(nonce, associatedData, message);
            return;
        }
        int length = message.remaining() - TAG_BYTES;
        try {
            init(Cipher.ENCRYPT_MODE, nonce, associatedData);
            cipher.doFinal(message.slice(message.position(), length), message.duplicate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + length + " bytes failed", e);
        }
    }

    @Override
    public void open(long nonce, byte[] associatedData, ByteBuffer message) throws AEADBadTagException {
        if (!isDirect() || !message.isDirect()) {
            Aead.super.open(nonce, associatedData, message);
            return;
        }
        try {
            init(Cipher.DECRYPT_MODE, nonce, associatedData);
            cipher.doFinal(message.duplicate(), message.duplicate());
        } catch (AEADBadTagException e) {
            cipher = source.cipher();
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + message.remaining() + " bytes failed", e);
        }
    }

    /** Lets go of the cipher with the key in it: there are no means to wipe either. */
    @Override
    public void close() {
        cipher = source.cipher();
    }

    private void init(int mode, long nonce, byte[] associatedData) throws GeneralSecurityException {
        LITTLE_ENDIAN_LONG.set(iv, COUNTER_OFFSET, nonce);
        cipher.init(mode, key, new IvParameterSpec(iv));
        if (associatedData.length > 0) {
            cipher.updateAAD(associatedData);
        }
    }
}
