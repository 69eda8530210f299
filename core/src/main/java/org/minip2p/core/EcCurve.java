package org.minip2p.core;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * ECDSA over SHA-256 on one curve, with signatures in DER: the common part of secp256k1 and the NIST curves. Nonces follow RFC
 * 6979, so only key generation is random. Immutable.
 */
final class EcCurve {
    private final ECDomainParameters domain;
    private final BigInteger halfOrder;
    private final boolean lowS;

    /**
     * A curve by its name.
     *
     * @param name as BouncyCastle knows it
     * @param lowS whether to write and accept only the form of a signature with the lower s (BIP 62)
     */
    EcCurve(String name, boolean lowS) {
        X9ECParameters parameters = CustomNamedCurves.getByName(name);
        this.domain = new ECDomainParameters(parameters);
        this.halfOrder = domain.getN().shiftRight(1);
        this.lowS = lowS;
    }

    int fieldBytes() {
        return (domain.getCurve().getFieldSize() + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Reads a point in SEC 1 form, compressed or not; it must be on the curve and not at infinity. */
    ECPublicKeyParameters readPoint(byte[] point) throws InvalidKeyException {
        boolean compressed = point.length == 1 + fieldBytes() && (point[0] == 2 || point[0] == 3);
        boolean uncompressed = point.length == 1 + 2 * fieldBytes() && point[0] == 4;
        if (!compressed && !uncompressed) {
            throw new InvalidKeyException("a point of " + point.length + " bytes is in no form that is read");
        }
        try {
            return new ECPublicKeyParameters(domain.getCurve().decodePoint(point), domain);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("the public key is no point of the curve", e);
        }
    }

    /** Reads a private scalar, big endian, of exactly the order's length; it is 1 to n-1. */
    ECPrivateKeyParameters readScalar(byte[] scalar) throws InvalidKeyException {
        if (scalar.length != scalarBytes()) {
            throw new InvalidKeyException(
                    "a private key of this curve has " + scalarBytes() + " bytes, not " + scalar.length);
        }
        BigInteger d = new BigInteger(1, scalar);
        if (!isScalar(d)) {
            throw new InvalidKeyException("the private key is zero, or not below the order of the curve");
        }
        return new ECPrivateKeyParameters(d, domain);
    }

    ECPrivateKeyParameters generate(SecureRandom random) {
        BigInteger d;
        do {
            d = BigIntegers.createRandomBigInteger(domain.getN().bitLength(), random);
        } while (!isScalar(d));
        return new ECPrivateKeyParameters(d, domain);
    }

    ECPublicKeyParameters publicKey(ECPrivateKeyParameters key) {
        return new ECPublicKeyParameters(new FixedPointCombMultiplier().multiply(domain.getG(), key.getD()), domain);
    }

    byte[] encodeScalar(ECPrivateKeyParameters key) {
        return BigIntegers.asUnsignedByteArray(scalarBytes(), key.getD());
    }

    byte[] sign(ECPrivateKeyParameters key, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] signature = signer.generateSignature(Sha256.digest(message));
        BigInteger s = signature[1];
        if (lowS) {
            s = s.min(domain.getN().subtract(s));
        }
        return Der.element(Der.SEQUENCE, Der.integer(signature[0]), Der.integer(s));
    }

    boolean verify(ECPublicKeyParameters key, byte[] message, byte[] signature) {
        BigInteger r;
        BigInteger s;
        try {
            Der outer = Der.of(signature);
            Der numbers = outer.sequence();
            outer.end();
            r = numbers.unsigned();
            s = numbers.unsigned();
            numbers.end();
        } catch (MalformedDerException e) {
            return false;
        }
        if (!isScalar(r) || !isScalar(s) || (lowS && s.compareTo(halfOrder) > 0)) {
            return false;
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        return verifier.verifySignature(Sha256.digest(message), r, s);
    }

    int scalarBytes() {
        return (domain.getN().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    }

    private boolean isScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(domain.getN()) < 0;
    }
}
