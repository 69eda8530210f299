package org.minip2p.core;

import java.util.Arrays;

/**
 * A peer's identity key. Every instance has been parsed and checked: points are on their curve, sizes are within bounds.
 *
 * <p>Two keys are equal when their key messages are. Immutable and thread-safe; arrays are copied when they are passed in or
 * returned.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">peer ids, Keys</a>
 */
public final class PublicKey {
    /** The longest key message that {@link #decode} accepts, in bytes: an RSA key of 8,192 bits. */
    public static final int MAX_ENCODED_BYTES = KeyMessages.MAX_PUBLIC_BYTES;

    private final KeyType type;
    private final Verifier verifier;

    PublicKey(KeyType type, Verifier verifier) {
        this.type = type;
        this.verifier = verifier;
    }

    /**
     * Reads a key message.
     *
     * @param keyMessage the protobuf message, in canonical form, at most {@link #MAX_ENCODED_BYTES}
     * @return the key
     * @throws InvalidKeyException when the message is not canonical, its type unknown, or its key malformed, out of bounds or
     *     not a point of its curve
     */
    public static PublicKey decode(byte[] keyMessage) throws InvalidKeyException {
        KeyMessages.Parsed message = KeyMessages.decode(keyMessage, MAX_ENCODED_BYTES);
        return new PublicKey(message.type(), parse(message.type(), message.data()));
    }

    private static Verifier parse(KeyType type, byte[] data) throws InvalidKeyException {
        return switch (type) {
            case RSA -> RsaKey.readPublic(data);
            case ED25519 -> Ed25519Key.readPublic(data);
            case SECP256K1 -> Secp256k1Key.readPublic(data);
            case ECDSA -> EcdsaKey.readPublic(data);
        };
    }

    /** {@return the type of the key} */
    public KeyType type() {
        return type;
    }

    /** {@return the canonical key message: the bytes that are sent, and from which the peer id is computed} */
    public byte[] encoded() {
        return KeyMessages.encode(type, verifier.data());
    }

    /**
     * {@return the key bytes inside the message: 32 bytes of RFC 8032 for Ed25519, a compressed point of 33 bytes for secp256k1, DER
     * SubjectPublicKeyInfo for RSA and ECDSA}
     */
    public byte[] data() {
        return verifier.data().clone();
    }

    /**
     * Checks a signature by the owner of this key.
     *
     * @param message the signed bytes
     * @param signature 64 bytes for Ed25519, DER for secp256k1 and ECDSA, as long as the modulus for RSA
     * @return whether the owner signed the message; false for any malformed signature
     */
    public boolean verify(byte[] message, byte[] signature) {
        return verifier.verify(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that
                && type == that.type
                && Arrays.equals(verifier.data(), that.verifier.data());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(verifier.data());
    }

    /** The type and the peer id. */
    @Override
    public String toString() {
        return type + " public key of " + PeerId.of(this);
    }
}
