package org.minip2p.core;

import java.security.SecureRandom;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;

/**
 * Secp256k1 keys (PID-21 to PID-27). Signatures are strict DER, with s in the lower half of the order both when written and when
 * read.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#secp256k1">peer ids, Secp256k1</a>
 */
final class Secp256k1Key {
    private static final EcCurve CURVE = new EcCurve("secp256k1", true);

    private Secp256k1Key() {}

    /** Reads a compressed point, or an uncompressed one, whose canonical form is the compressed one (PID-22). */
    static Verifier readPublic(byte[] data) throws InvalidKeyException {
        return new Public(CURVE.readPoint(data));
    }

    static Signer readPrivate(byte[] data) throws InvalidKeyException {
        return new Private(CURVE.readScalar(data));
    }

    static Signer generate(SecureRandom random) {
        return new Private(CURVE.generate(random));
    }

    private static final class Public implements Verifier {
        private final ECPublicKeyParameters key;
        private final byte[] data;

        Public(ECPublicKeyParameters key) {
            this.key = key;
            this.data = key.getQ().getEncoded(true);
        }

        @Override
        public byte[] data() {
            return data;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return CURVE.verify(key, message, signature);
        }
    }

    private static final class Private implements Signer {
        private final ECPrivateKeyParameters key;
        private final Public verifier;

        Private(ECPrivateKeyParameters key) {
            this.key = key;
            this.verifier = new Public(CURVE.publicKey(key));
        }

        @Override
        public byte[] data() {
            return CURVE.encodeScalar(key);
        }

        @Override
        public Verifier verifier() {
            return verifier;
        }

        @Override
        public byte[] sign(byte[] message) {
            return CURVE.sign(key, message);
        }
    }
}
