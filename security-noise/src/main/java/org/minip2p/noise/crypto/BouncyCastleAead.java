package org.minip2p.noise.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * BouncyCastle's ChaCha20-Poly1305, on arrays.
 *
 * <p>Confined to one thread at a time.
 */
final class BouncyCastleAead implements Aead {
    /*
     * With the same array for input and output, it would copy the whole input to a new array. So the input goes through our own small
     * array, piece by piece; the output never overtakes the input.
     */
    private static final int PIECE_BYTES = 1024;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;

    private static final byte[] NO_KEY = new byte[KEY_BYTES];

    /** A new key needs a nonce, which the cipher then refuses for a message: so this is a nonce that no message uses. */
    private static final long NO_MESSAGE = -1L;

    private final byte[] iv = new byte[NONCE_BYTES];
    private final byte[] piece = new byte[PIECE_BYTES];
    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    private boolean isClosed;

    BouncyCastleAead(byte[] key) {
        initialize(key);
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public void seal(long nonce, byte[] associatedData, byte[] buffer, int offset, int length) {
        try {
            process(true, nonce, associatedData, buffer, offset, length);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing " + length + " bytes failed", e);
        }
    }

    @Override
    public void open(long nonce, byte[] associatedData, byte[] buffer, int offset, int length)
            throws AEADBadTagException {
        try {
            process(false, nonce, associatedData, buffer, offset, length);
        } catch (InvalidCipherTextException e) {
            AEADBadTagException badTag = new AEADBadTagException("the tag does not match");
            badTag.initCause(e);
            throw badTag;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        initialize(NO_KEY);
    }

    /** Replaces the key. Afterwards the cipher gets no key, and continues with its own copy. */
    private void initialize(byte[] key) {
        KeyParameter copy = new KeyParameter(key);
        LITTLE_ENDIAN_LONG.set(iv, COUNTER_OFFSET, NO_MESSAGE);
        cipher.init(false, new ParametersWithIV(copy, iv));
        Arrays.fill(copy.getKey(), (byte) 0);
    }

    private void process(boolean seal, long nonce, byte[] associatedData, byte[] buffer, int offset, int length)
            throws InvalidCipherTextException {
        if (isClosed) {
            throw new IllegalStateException("the key was wiped");
        }
        LITTLE_ENDIAN_LONG.set(iv, COUNTER_OFFSET, nonce);
        cipher.init(seal, new ParametersWithIV(null, iv));
        cipher.processAADBytes(associatedData, 0, associatedData.length);
        int written = 0;
        for (int read = 0; read < length; ) {
            int count = Math.min(length - read, PIECE_BYTES);
            System.arraycopy(buffer, offset + read, piece, 0, count);
            read += count;
            written += cipher.processBytes(piece, 0, count, buffer, offset + written);
        }
        cipher.doFinal(buffer, offset + written);
    }
}
