package org.minip2p.core;

import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The private half of an identity key. Immutable and thread-safe; arrays are copied when they are passed in or returned.
 *
 * <p>Neither {@link #toString} nor an exception message ever contains the key. {@link #encoded} must never be sent to a peer (PID-15): it
 * is only for a file, and {@link #writeFile} writes one. Signatures are deterministic for every type.
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
     * Generates a new key: RSA with 2,048 bits, ECDSA on P-256. RSA is slow, so do not call this on an event loop.
     *
     * @param type the type of the key
     * @return the new key
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
     * @return the key
     * @throws InvalidKeyException when the message is not canonical, its type unknown, or its key malformed, out of bounds, or not the key
     *     of the public half in the message
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
     * <p>Like ssh, it refuses a file to which anyone except its owner has rights, if the file system has such rights: a key that others
     * can read is not secret.
     *
     * @param file the key file
     * @return the key
     * @throws KeyFileException when there is no such file, others have rights to it, it holds no private key message, or it cannot be read
     */
    public static PrivateKey readFile(Path file) throws KeyFileException {
        return new KeyFile(file).read();
    }

    /**
     * Writes a new key file, which only its owner may read and write (mode 600 if the file system has such rights; otherwise it has those
     * of its folder). The file is written atomically, and is on disk when this returns. An existing file is never overwritten. Blocks.
     *
     * @param file the key file
     * @throws KeyFileException when there is a file of that name, or it cannot be written
     */
    public void writeFile(Path file) throws KeyFileException {
        new KeyFile(file).write(KeyMessages.encode(type, signer.data()));
    }

    /** {@return the canonical private key message} Secret. */
    public byte[] encoded() {
        return KeyMessages.encode(type, signer.data());
    }

    /** {@return the type of the key} */
    public KeyType type() {
        return type;
    }

    /** {@return the public half} */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * Signs a message.
     *
     * @param message the bytes to sign
     * @return a signature for {@link PublicKey#verify}; always the same for the same message
     */
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }

    /** The type and the peer id, but nothing secret. */
    @Override
    public String toString() {
        return type + " private key of " + PeerId.of(publicKey);
    }
}
