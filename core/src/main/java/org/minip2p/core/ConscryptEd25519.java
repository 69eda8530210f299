package org.minip2p.core;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Ed25519 signatures verified by Conscrypt. It accepts the same signatures as BouncyCastle: S below the group order, R compared byte by
 * byte; the key has been validated before.
 *
 * <p>Thread-safe.
 */
final class ConscryptEd25519 implements Ed25519Key.Verification {
    /** If Conscrypt is available. */
    static final Optional<ConscryptEd25519> INSTANCE = Conscrypt.provider().map(ConscryptEd25519::new);

    /** The prefix of the 32 bytes in a SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    private final KeyFactory keys;
    private final ThreadLocal<Signature> signatures;

    private ConscryptEd25519(Provider provider) {
        try {
            keys = KeyFactory.getInstance("EdDSA", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Conscrypt has no Ed25519", e);
        }
        signatures = ThreadLocal.withInitial(() -> {
            try {
                return Signature.getInstance("EdDSA", provider);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Conscrypt has no Ed25519", e);
            }
        });
    }

    @Override
    public boolean verify(byte[] key, byte[] message, byte[] signature) {
        try {
            Signature verifier = signatures.get();
            verifier.initVerify(keys.generatePublic(new X509EncodedKeySpec(Bytes.concat(HEADER, key))));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Conscrypt refuses a validated Ed25519 key", e);
        }
    }
}
