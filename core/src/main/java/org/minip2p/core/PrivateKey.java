package org.minip2p.core;

import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The private half of an identity key. Immutable and thread-safe; arrays are copied on their way in and out.
 *
 * <p>It never shows itself in {@link #toString} or in the message of an exception, and {@link #encoded} must never be sent to a
 * peer (PID-15): it is for a file alone, and {@link #writeFile} makes one. Signatures are deterministic for every type.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">peer ids, Keys</a>
 */
public final class PrivateKey {
    private final KeyType type;
    private final Signer signer;
    private final PublicKey publicKey;

    private PrivateKey(KeyType type, Signer signer) {
        this.type = type;
        this.signer = signer;
        this.publicKey = new PublicKey(type, signer.verifier());
    }

    /**
     * Makes a new key: RSA with 2,048 bits, ECDSA on P-256. RSA takes a while, so not on an event loop.
     *
     * @param type what kind of key
     */
    public static PrivateKey generate(KeyType type) {
        SecureRandom random = new SecureRandom();
        return new PrivateKey(
                type,
                switch (type) {
                    case RSA -> RsaKey.generate(random);
                    case ED25519 -> Ed25519Key.generate(random);
                    case SECP256K1 -> Secp256k1Key.generate(random);
                    case ECDSA -> EcdsaKey.generate(random);
                });
    }

    /**
     * Reads a private key message, as a key file holds it.
     *
     * @param keyMessage the protobuf message, in canonical form
     * @throws InvalidKeyException when the message is not canonical, its type unknown, or its key malformed, out of bounds or not
     *     the one of the public half that it carries
     */
    public static PrivateKey decode(byte[] keyMessage) throws InvalidKeyException {
        KeyMessages.Parsed message = KeyMessages.decode(keyMessage, KeyMessages.MAX_PRIVATE_BYTES);
        return new PrivateKey(message.type(), parse(message.type(), message.data()));
    }

    private static Signer parse(KeyType type, byte[] data) throws InvalidKeyException {
        return switch (type) {
            case RSA -> RsaKey.readPrivate(data);
            case ED25519 -> Ed25519Key.readPrivate(data);
            case SECP256K1 -> Secp256k1Key.readPrivate(data);
            case ECDSA -> EcdsaKey.readPrivate(data);
        };
    }

    /**
     * Reads a key file: the bytes of a private key message, as {@link #writeFile} leaves them. Blocks.
     *
     * <p>As ssh does, it refuses a file to which anybody but its owner has any right, where the file system knows such rights: a key that
     * others could read is no secret.
     *
     * @throws KeyFileException when there is no such file, others have rights to it, it holds no private key message, or it cannot be read
     */
    public static PrivateKey readFile(Path file) throws KeyFileException {
        return new KeyFile(file).read();
    }

    /**
     * Writes a new key file, which only its owner may read and write (mode 600 where the file system knows such rights; elsewhere it has
     * those of its folder). It is there whole or not at all, and on the disk when this returns. A file that is there already is never
     * overwritten. Blocks.
     *
     * @throws KeyFileException when there is a file of that name, or it cannot be written
     */
    public void writeFile(Path file) throws KeyFileException {
        new KeyFile(file).write(KeyMessages.encode(type, signer.data()));
    }

    /** The canonical private key message. Secret. */
    public byte[] encoded() {
        return KeyMessages.encode(type, signer.data());
    }

    /** What kind of key it is. */
    public KeyType type() {
        return type;
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * Signs a message.
     *
     * @param message the bytes to sign
     * @return what {@link PublicKey#verify} takes, always the same for the same message
     */
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }

    /** The type and the peer id, nothing secret. */
    @Override
    public String toString() {
        return type + " private key of " + PeerId.of(publicKey);
    }
}
