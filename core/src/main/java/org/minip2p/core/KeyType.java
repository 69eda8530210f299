package org.minip2p.core;

import java.util.Optional;

/**
 * The kinds of identity keys (PID-2).
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#key-types">peer ids, Key Types</a>
 */
public enum KeyType {
    /** RSA of 2,048 to 8,192 bits, PKCS #1 v1.5 over SHA-256. */
    RSA(0),
    /** Ed25519 of RFC 8032: the default choice, unless a network requires another type. */
    ED25519(1),
    /** ECDSA over SHA-256 on secp256k1, the curve of Bitcoin and Ethereum. */
    SECP256K1(2),
    /** ECDSA over SHA-256 on a NIST curve. */
    ECDSA(3);

    private final int code;

    KeyType(int code) {
        this.code = code;
    }

    /** {@return the number of this type in a key message} */
    public int code() {
        return code;
    }

    static Optional<KeyType> ofCode(long code) {
        for (KeyType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
