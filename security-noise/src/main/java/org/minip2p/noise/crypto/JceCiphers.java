package org.minip2p.noise.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Conscrypt;

/**
 * The cipher objects of a provider: one a thread and direction, for all keys. A message is a new {@code init} anyway, so a cipher of its own
 * would gain a key nothing; it costs some kilobytes, and more time than a short message.
 *
 * <p>Thread-safe.
 */
final class JceCiphers {
    /** The JDK's, on arrays. */
    static final JceCiphers JDK = new JceCiphers(() -> create(() -> Cipher.getInstance("ChaCha20-Poly1305")));

    /** Conscrypt's, where it is on the class path; fastest on direct memory. */
    static final JceCiphers CONSCRYPT =
            new JceCiphers(() -> create(() -> Cipher.getInstance("ChaCha20/Poly1305/NoPadding", conscrypt())));

    @FunctionalInterface
    private interface Creation {
        Cipher run() throws GeneralSecurityException;
    }

    private final ThreadLocal<Cipher> sealing;
    private final ThreadLocal<Cipher> opening;

    private JceCiphers(Supplier<Cipher> source) {
        sealing = ThreadLocal.withInitial(source);
        opening = ThreadLocal.withInitial(source);
    }

    boolean isDirect() {
        return this == CONSCRYPT;
    }

    /**
     * A key as these ciphers take it.
     *
     * @param bytes copied
     */
    SecretKey key(byte[] bytes) {
        return this == CONSCRYPT ? new LentKey(bytes.clone()) : new SecretKeySpec(bytes, "ChaCha20");
    }

    /** Wipes a {@link #key} that can be wiped; it is of no more use. */
    static void wipe(SecretKey key) {
        if (key instanceof LentKey lent) {
            lent.wipe();
        }
    }

    /**
     * This thread's cipher, ready for one message.
     *
     * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
     */
    Cipher init(int mode, Key key, AlgorithmParameterSpec nonce) throws GeneralSecurityException {
        ThreadLocal<Cipher> mine = mode == Cipher.ENCRYPT_MODE ? sealing : opening;
        try {
            Cipher cipher = mine.get();
            cipher.init(mode, key, nonce);
            return cipher;
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            // A cipher refuses key and nonce of its last message, also when that did not open. That no nonce comes
            // twice is seen to by whoever counts them; for this one a new cipher is as good.
            mine.remove();
            Cipher cipher = mine.get();
            cipher.init(mode, key, nonce);
            return cipher;
        }
    }

    private static Provider conscrypt() {
        return Conscrypt.provider().orElseThrow(() -> new IllegalStateException("Conscrypt cannot be used"));
    }

    private static Cipher create(Creation creation) {
        try {
            return creation.run();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("there is no ChaCha20-Poly1305", e);
        }
    }

    /** A key that is lent, not copied, each time that it is used: Conscrypt only reads it. So it can be wiped, too. */
    private static final class LentKey implements SecretKey {
        private static final long serialVersionUID = 1L;

        private byte @Nullable [] bytes;

        LentKey(byte[] bytes) {
            this.bytes = bytes;
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
            return bytes;
        }

        void wipe() {
            if (bytes != null) {
                Arrays.fill(bytes, (byte) 0);
                bytes = null;
            }
        }
    }
}
