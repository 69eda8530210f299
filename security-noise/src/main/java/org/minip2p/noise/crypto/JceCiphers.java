package org.minip2p.noise.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cipher objects of a provider: one per thread and direction, for all keys. Each message needs a new {@code init} anyway, so a separate
 * cipher per key would gain nothing; it costs some kilobytes, and takes more time than a short message.
 *
 * <p>Thread-safe.
 */
final class JceCiphers {
    /** The JDK's, on arrays. */
    static final JceCiphers JDK = new JceCiphers(false, () -> Cipher.getInstance("ChaCha20-Poly1305"));

    @FunctionalInterface
    private interface Creation {
        Cipher run() throws GeneralSecurityException;
    }

    private final boolean isConscrypts;
    private final ThreadLocal<OneCipher> sealing;
    private final ThreadLocal<OneCipher> opening;

    private JceCiphers(boolean isConscrypts, Creation creation) {
        this.isConscrypts = isConscrypts;
        sealing = ThreadLocal.withInitial(() -> create(creation));
        opening = ThreadLocal.withInitial(() -> create(creation));
    }

    /** Conscrypt's, fastest on direct memory. */
    static JceCiphers of(Provider conscrypt) {
        return new JceCiphers(true, () -> Cipher.getInstance("ChaCha20/Poly1305/NoPadding", conscrypt));
    }

    boolean isDirect() {
        return isConscrypts;
    }

    /**
     * A key for these ciphers.
     *
     * @param bytes copied
     */
    WipeableKey key(byte[] bytes) {
        return new WipeableKey(bytes.clone(), isConscrypts);
    }

    /** Wipes a {@link #key} that is no longer needed, and its copies in this thread's ciphers. */
    void wipe(WipeableKey key) {
        key.wipe();
        sealing.get().forget(key);
        opening.get().forget(key);
    }

    /**
     * This thread's cipher, ready for one message.
     *
     * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
     * @param nonce the number of the message, an unsigned 64-bit number
     */
    OneCipher init(int mode, Key key, long nonce) throws GeneralSecurityException {
        ThreadLocal<OneCipher> mine = mode == Cipher.ENCRYPT_MODE ? sealing : opening;
        try {
            return mine.get().init(mode, key, nonce);
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            // A cipher refuses the key and nonce of its last message, even if that did not open. The counter of nonces
            // ensures that none
            // repeats, so for this message a new cipher is safe.
            mine.remove();
            return mine.get().init(mode, key, nonce);
        }
    }

    private static OneCipher create(Creation creation) {
        try {
            return new OneCipher(creation.run());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("there is no ChaCha20-Poly1305", e);
        }
    }

    /** A cipher and its two alternating nonces: a cipher keeps the nonce of its last message to compare it with the next. */
    static final class OneCipher {
        /** The longest input that is copied for Conscrypt, in bytes. */
        private static final int APART_BYTES = 512;

        /** Has no secret in it. */
        private static final Key NO_KEY = new SecretKeySpec(new byte[Aead.KEY_BYTES], "ChaCha20");

        private final Cipher cipher;
        private final byte[] apart = new byte[APART_BYTES];
        private @Nullable Key lastKey;
        private LentNonce next = new LentNonce();
        private LentNonce last = new LentNonce();

        private OneCipher(Cipher cipher) {
            this.cipher = cipher;
        }

        private OneCipher init(int mode, Key key, long nonce) throws GeneralSecurityException {
            LentNonce mine = next;
            next = last;
            last = mine;
            mine.set(nonce);
            cipher.init(mode, key, mine);
            lastKey = key;
            return this;
        }

        /** Makes the cipher drop its copy of a key, if it was the last one: the JDK's cipher wipes it when it gets the next key. */
        private void forget(Key key) {
            if (lastKey != key) {
                return;
            }
            try {
                init(Cipher.DECRYPT_MODE, NO_KEY, 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a cipher takes any key", e);
            }
        }

        /** Adds associated data to the current message. */
        OneCipher updateAad(byte[] data) {
            cipher.updateAAD(data);
            return this;
        }

        /** Seals or opens in place. */
        void doFinal(byte[] buffer, int offset, int length) throws GeneralSecurityException {
            if (length <= APART_BYTES) {
                // Conscrypt creates a new array each time for input that overlaps its output.
                System.arraycopy(buffer, offset, apart, 0, length);
                cipher.doFinal(apart, 0, length, buffer, offset);
            } else {
                cipher.doFinal(buffer, offset, length, buffer, offset);
            }
        }

        /** Seals or opens from one buffer to another that shares no memory with it; positions and limits do not change. */
        void doFinal(ByteBuffer in, ByteBuffer out) throws GeneralSecurityException {
            int inStart = in.position();
            int outStart = out.position();
            try {
                cipher.doFinal(in, out);
            } finally {
                in.position(inStart);
                out.position(outStart);
            }
        }
    }

    /**
     * The nonce of Noise: four bytes of zero, and the number of the message. Lent to the cipher, which would copy any other array twice.
     */
    private static final class LentNonce extends IvParameterSpec {
        private static final VarHandle LITTLE_ENDIAN_LONG =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        private static final int NONCE_BYTES = 12;
        private static final int COUNTER_OFFSET = 4;
        private static final byte[] NOTHING = {};

        private final byte[] bytes = new byte[NONCE_BYTES];

        LentNonce() {
            super(NOTHING);
        }

        void set(long nonce) {
            LITTLE_ENDIAN_LONG.set(bytes, COUNTER_OFFSET, nonce);
        }

        @Override
        public byte[] getIV() {
            return bytes;
        }
    }

    /**
     * A key that can be wiped. It is lent to Conscrypt, which only reads it; the JDK's cipher gets a copy, since it wipes its key after
     * use.
     */
    static final class WipeableKey implements SecretKey {
        private static final long serialVersionUID = 1L;

        private final boolean isLent;
        private byte @Nullable [] bytes;

        private WipeableKey(byte[] bytes, boolean isLent) {
            this.bytes = bytes;
            this.isLent = isLent;
        }

        @Override
        public String getAlgorithm() {
            return "ChaCha20";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            if (bytes == null) {
                throw new IllegalStateException("the key was wiped");
            }
            return isLent ? bytes : bytes.clone();
        }

        private void wipe() {
            if (bytes != null) {
                Arrays.fill(bytes, (byte) 0);
                bytes = null;
            }
        }
    }
}
