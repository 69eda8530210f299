package org.minip2p.core;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;

/**
 * ECDSA keys on the NIST curves (PID-31). The public key is a SubjectPublicKeyInfo (RFC 5480) that names its curve, the private key
 * an ECPrivateKey (RFC 5915) with curve and public key, as in the vectors of the specification.
 *
 * <p>In both structures, everything except the numbers follows from the curve. So a key is read by comparing it with its own
 * encoding: there is no second encoding, and there are no explicit curve parameters.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#ecdsa">peer ids, ECDSA</a>
 */
final class EcdsaKey {
    /** 1.2.840.10045.2.1, id-ecPublicKey of RFC 5480. */
    private static final byte[] EC_PUBLIC_KEY = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] NO_UNUSED_BITS = {0};
    private static final int PARAMETERS = 0xa0;
    private static final int PUBLIC_KEY = 0xa1;

    /** The curves that go's x509 writes, too. */
    private static final List<Named> CURVES = List.of(
            new Named("secp256r1", "2a8648ce3d030107"),
            new Named("secp224r1", "2b81040021"),
            new Named("secp384r1", "2b81040022"),
            new Named("secp521r1", "2b81040023"));

    private EcdsaKey() {}

    /** A curve, and how keys on it are written. */
    private static final class Named {
        private final EcCurve curve;
        private final byte[] identifier;

        Named(String name, String identifier) {
            this.curve = new EcCurve(name, false);
            this.identifier = Der.element(Der.OBJECT_IDENTIFIER, HexFormat.of().parseHex(identifier));
        }

        int pointBytes() {
            return 1 + 2 * curve.fieldBytes();
        }

        byte[] publicInfo(byte[] point) {
            byte[] algorithm = Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, EC_PUBLIC_KEY), identifier);
            return Der.element(Der.SEQUENCE, algorithm, Der.element(Der.BIT_STRING, NO_UNUSED_BITS, point));
        }

        byte[] privateInfo(byte[] scalar, byte[] point) {
            return Der.element(
                    Der.SEQUENCE,
                    Der.integer(BigInteger.ONE),
                    Der.element(Der.OCTET_STRING, scalar),
                    Der.element(PARAMETERS, identifier),
                    Der.element(PUBLIC_KEY, Der.element(Der.BIT_STRING, NO_UNUSED_BITS, point)));
        }
    }

    static Verifier readPublic(byte[] data) throws InvalidKeyException {
        for (Named named : CURVES) {
            // The point comes last; everything before it identifies the curve.
            byte[] point = Arrays.copyOfRange(data, Math.max(0, data.length - named.pointBytes()), data.length);
            if (Arrays.equals(data, named.publicInfo(point))) {
                return new Public(named, named.curve.readPoint(point));
            }
        }
        throw new InvalidKeyException(
                "no SubjectPublicKeyInfo with an uncompressed point of P-224, P-256, P-384 or P-521 in " + data.length
                        + " bytes");
    }

    static Signer readPrivate(byte[] data) throws InvalidKeyException {
        byte[] scalar;
        try {
            Der key = Der.of(data).sequence();
            key.unsigned();
            scalar = key.content(Der.OCTET_STRING);
        } catch (MalformedDerException e) {
            // Without the cause, which may quote the secret input.
            throw new InvalidKeyException("an ECDSA private key is an ECPrivateKey in DER");
        }
        for (Named named : CURVES) {
            if (scalar.length == named.curve.scalarBytes()) {
                Private key = new Private(named, named.curve.readScalar(scalar));
                if (Arrays.equals(data, key.data())) {
                    return key;
                }
            }
        }
        throw new InvalidKeyException(
                "an ECDSA private key names P-224, P-256, P-384 or P-521 and its public key, in DER");
    }

    static Signer generate(SecureRandom random) {
        return new Private(CURVES.get(0), CURVES.get(0).curve.generate(random));
    }

    private static final class Public implements Verifier {
        private final Named named;
        private final ECPublicKeyParameters key;
        private final byte[] point;
        private final byte[] data;

        Public(Named named, ECPublicKeyParameters key) {
            this.named = named;
            this.key = key;
            this.point = key.getQ().getEncoded(false);
            this.data = named.publicInfo(point);
        }

        @Override
        public byte[] data() {
            return data;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return named.curve.verify(key, message, signature);
        }
    }

    private static final class Private implements Signer {
        private final Named named;
        private final ECPrivateKeyParameters key;
        private final Public verifier;

        Private(Named named, ECPrivateKeyParameters key) {
            this.named = named;
            this.key = key;
            this.verifier = new Public(named, named.curve.publicKey(key));
        }

        @Override
        public byte[] data() {
            return named.privateInfo(named.curve.encodeScalar(key), verifier.point);
        }

        @Override
        public Verifier verifier() {
            return verifier;
        }

        @Override
        public byte[] sign(byte[] message) {
            return named.curve.sign(key, message);
        }
    }
}
