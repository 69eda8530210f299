package org.minip2p.attacks.hostile;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;

/** Keys whose signatures take long to verify. */
final class SlowKeys {
    private static final int FIELD_BYTES = 66;
    private static final byte[] P521 = {0x06, 0x05, 0x2b, (byte) 0x81, 0x04, 0x00, 0x23};

    private SlowKeys() {}

    /** A key on P-521. A host does not create such keys, but accepts them from others. */
    static PrivateKey p521() throws GeneralSecurityException, InvalidKeyException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp521r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] scalar = unsigned(((ECPrivateKey) pair.getPrivate()).getS());
        // The point is the last part of the public key, after a byte that marks it as uncompressed.
        byte[] info = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(info, info.length - 1 - 2 * FIELD_BYTES, info.length);
        byte[] key = der(
                0x30,
                der(0x02, new byte[] {1}),
                der(0x04, scalar),
                der(0xa0, P521),
                der(0xa1, der(0x03, new byte[] {0}, point)));
        return PrivateKey.decode(Frames.join(
                new byte[] {0x08, (byte) KeyType.ECDSA.code(), 0x12}, Frames.withLength(key)));
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[FIELD_BYTES];
        int length = Math.min(bytes.length, FIELD_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, FIELD_BYTES - length, length);
        return fixed;
    }

    private static byte[] der(int tag, byte[]... parts) {
        byte[] content = Frames.join(parts);
        byte[] length = content.length < 0x80
                ? new byte[] {(byte) content.length}
                : content.length < 0x100
                        ? new byte[] {(byte) 0x81, (byte) content.length}
                        : new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
        return Frames.join(new byte[] {(byte) tag}, length, content);
    }
}
