package org.minip2p.core;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;

/**
 * RSA keys (PID-28 to PID-30): SubjectPublicKeyInfo and PKCS #1 in DER, signatures of PKCS #1 v1.5 over SHA-256 by the JDK.
 *
 * <p>The size of modulus and exponent is checked before anything is computed with them: one verification with a key of 100,000
 * bits takes minutes (CVE-2023-39533), and a long exponent costs as much as a long modulus.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#rsa">peer ids, RSA</a>
 */
final class RsaKey {
    private static final int MIN_BITS = 2_048;
    private static final int MAX_BITS = 8_192;
    private static final int GENERATED_BITS = 2_048;

    /** Exponents have at most 31 bits, as in go; all that are in use are 65,537 or less. */
    private static final int MAX_EXPONENT_BITS = 31;

    /** 1.2.840.113549.1.1.1, rsaEncryption of RFC 8017. */
    private static final byte[] RSA_ENCRYPTION = {
        0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01
    };

    private static final byte[] ALGORITHM =
            Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, RSA_ENCRYPTION), Der.element(Der.NULL));

    private static final byte[] NO_UNUSED_BITS = {0};

    private RsaKey() {}

    static Verifier readPublic(byte[] data) throws InvalidKeyException {
        try {
            Der outer = Der.of(data);
            Der info = outer.sequence();
            outer.end();
            Der algorithm = info.sequence();
            byte[] identifier = algorithm.content(Der.OBJECT_IDENTIFIER);
            byte[] parameters = algorithm.content(Der.NULL);
            algorithm.end();
            byte[] bits = info.content(Der.BIT_STRING);
            info.end();
            if (!Arrays.equals(identifier, RSA_ENCRYPTION) || parameters.length != 0) {
                throw new InvalidKeyException("an RSA key's algorithm is rsaEncryption");
            }
            if (bits.length == 0 || bits[0] != 0) {
                throw new InvalidKeyException("an RSA key's bit string has no unused bits");
            }
            Der key = Der.of(Arrays.copyOfRange(bits, 1, bits.length));
            Der numbers = key.sequence();
            key.end();
            BigInteger modulus = numbers.unsigned();
            BigInteger exponent = numbers.unsigned();
            numbers.end();
            return publicKey(modulus, exponent);
        } catch (MalformedDerException e) {
            throw new InvalidKeyException("an RSA public key is a SubjectPublicKeyInfo in DER: " + e.getMessage(), e);
        }
    }

    static Signer readPrivate(byte[] data) throws InvalidKeyException {
        try {
            Der outer = Der.of(data);
            Der numbers = outer.sequence();
            outer.end();
            if (numbers.unsigned().signum() != 0) {
                throw new InvalidKeyException("an RSA private key of two primes has version 0");
            }
            BigInteger modulus = numbers.unsigned();
            BigInteger exponent = numbers.unsigned();
            Public verifier = publicKey(modulus, exponent);
            RSAPrivateCrtKeySpec spec = new RSAPrivateCrtKeySpec(
                    modulus,
                    exponent,
                    numbers.unsigned(),
                    numbers.unsigned(),
                    numbers.unsigned(),
                    numbers.unsigned(),
                    numbers.unsigned(),
                    numbers.unsigned());
            numbers.end();
            checkConsistent(spec);
            return new Private((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec), verifier);
        } catch (MalformedDerException e) {
            // Without the cause, here and below, since it may quote the secret input.
            throw new InvalidKeyException("an RSA private key is PKCS #1 in DER");
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("the RSA private key is refused by the platform");
        }
    }

    static Signer generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(GENERATED_BITS, random);
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            return new Private(key, publicKey(key.getModulus(), key.getPublicExponent()));
        } catch (GeneralSecurityException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform makes RSA keys of " + GENERATED_BITS + " bits", e);
        }
    }

    private static Public publicKey(BigInteger modulus, BigInteger exponent) throws InvalidKeyException {
        int bits = modulus.bitLength();
        if (bits < MIN_BITS || bits > MAX_BITS || !modulus.testBit(0)) {
            throw new InvalidKeyException("an RSA modulus is odd and has 2048 to 8192 bits, not " + bits);
        }
        if (exponent.bitLength() < 2 || exponent.bitLength() > MAX_EXPONENT_BITS || !exponent.testBit(0)) {
            throw new InvalidKeyException("an RSA exponent is odd and has 2 to 31 bits, not " + exponent.bitLength());
        }
        try {
            RSAPublicKey key = (RSAPublicKey)
                    KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
            byte[] numbers = Der.element(Der.SEQUENCE, Der.integer(modulus), Der.integer(exponent));
            byte[] data = Der.element(Der.SEQUENCE, ALGORITHM, Der.element(Der.BIT_STRING, NO_UNUSED_BITS, numbers));
            return new Public(key, data);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("the RSA key is refused by the platform", e);
        }
    }

    /** Signing by the Chinese remainder theorem with inconsistent numbers would reveal the primes. */
    private static void checkConsistent(RSAPrivateCrtKeySpec key) throws InvalidKeyException {
        BigInteger p = key.getPrimeP();
        BigInteger q = key.getPrimeQ();
        if (p.compareTo(BigInteger.ONE) <= 0
                || q.compareTo(BigInteger.ONE) <= 0
                || !p.multiply(q).equals(key.getModulus())) {
            throw new InvalidKeyException("the RSA private key's modulus is not the product of its primes");
        }
        boolean belong = isInverse(key.getPublicExponent(), key.getPrimeExponentP(), p.subtract(BigInteger.ONE))
                && isInverse(key.getPublicExponent(), key.getPrimeExponentQ(), q.subtract(BigInteger.ONE))
                && isInverse(key.getPublicExponent(), key.getPrivateExponent(), p.subtract(BigInteger.ONE))
                && isInverse(key.getPublicExponent(), key.getPrivateExponent(), q.subtract(BigInteger.ONE))
                && isInverse(q, key.getCrtCoefficient(), p);
        if (!belong) {
            throw new InvalidKeyException("the RSA private key's numbers do not belong together");
        }
    }

    private static boolean isInverse(BigInteger a, BigInteger b, BigInteger modulus) {
        return a.multiply(b).mod(modulus).equals(BigInteger.ONE);
    }

    private static Signature algorithm() throws GeneralSecurityException {
        return Signature.getInstance("SHA256withRSA");
    }

    private static final class Public implements Verifier {
        private final RSAPublicKey key;
        private final byte[] data;

        Public(RSAPublicKey key, byte[] data) {
            this.key = key;
            this.data = data;
        }

        @Override
        public byte[] data() {
            return data;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            try {
                Signature verifier = algorithm();
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (SignatureException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has SHA256withRSA", e);
            }
        }
    }

    private record Private(RSAPrivateCrtKey key, Public verifier) implements Signer {
        @Override
        public byte[] data() {
            return Der.element(
                    Der.SEQUENCE,
                    Der.integer(BigInteger.ZERO),
                    Der.integer(key.getModulus()),
                    Der.integer(key.getPublicExponent()),
                    Der.integer(key.getPrivateExponent()),
                    Der.integer(key.getPrimeP()),
                    Der.integer(key.getPrimeQ()),
                    Der.integer(key.getPrimeExponentP()),
                    Der.integer(key.getPrimeExponentQ()),
                    Der.integer(key.getCrtCoefficient()));
        }

        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature signer = algorithm();
                signer.initSign(key);
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has SHA256withRSA", e);
            }
        }
    }
}
