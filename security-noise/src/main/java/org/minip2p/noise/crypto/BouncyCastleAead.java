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
     * Given the same array for input and output it would copy the whole input to a new one. So the input goes through a small array of our
     * own, piece by piece; the output never gets ahead of the input.
     */
    private static final int PIECE_BYTES = 1024;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;

    private final byte[] key;
    private final byte[] iv = new byte[NONCE_BYTES];
    private final byte[] piece = new byte[PIECE_BYTES];
    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();

    BouncyCastleAead(byte[] key) {
        this.key = Arrays.copyOf(key, KEY_BYTES);
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
        Arrays.fill(key, (byte) 0);
        Arrays.fill(piece, (byte) 0);
    }

    private void process(boolean seal, long nonce, byte[] associatedData, byte[] buffer, int offset, int length)
            throws InvalidCipherTextException {
        LITTLE_ENDIAN_LONG.set(iv, COUNTER_OFFSET, nonce);
        cipher.init(seal, new ParametersWithIV(new KeyParameter(key), iv));
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
