package org.minip2p.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a peer: the multihash of its public key. The id contains a key message of up to 42 bytes itself (Ed25519,
 * secp256k1), and the SHA-256 of a longer one.
 *
 * <p>Ids are equal and ordered by their bytes, never by a text form (PID-42). Immutable, thread-safe, and cheap as a map key.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#peer-ids">peer ids</a>
 */
public final class PeerId implements Comparable<PeerId> {
    private static final int IDENTITY = 0x00;
    private static final int SHA2_256 = 0x12;
    private static final int CID_VERSION = 1;
    private static final int LIBP2P_KEY = 0x72;

    /** The longest key message that the id contains itself, in bytes. */
    private static final int MAX_INLINE_BYTES = 42;

    /** The longest text form is base16: prefix, then two characters for each byte of version, codec, code, length and digest. */
    private static final int MAX_TEXT_LENGTH = 1 + 2 * (2 + 2 + MAX_INLINE_BYTES);

    private final byte[] multihash;
    private final int hash;

    // Created on first use. Both are immutable, so a race between threads only creates one twice.
    private @Nullable String text;
    private @Nullable PublicKey key;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.hash = Arrays.hashCode(multihash);
    }

    /**
     * {@return the id of the peer that owns this key (PID-34 to PID-36)}
     *
     * @param key the public key of the peer
     */
    public static PeerId of(PublicKey key) {
        byte[] message = key.encoded();
        if (message.length > MAX_INLINE_BYTES) {
            return new PeerId(multihash(SHA2_256, Sha256.digest(message)));
        }
        PeerId id = new PeerId(multihash(IDENTITY, message));
        id.key = key;
        return id;
    }

    private static byte[] multihash(int code, byte[] digest) {
        return Bytes.concat(new byte[] {(byte) code, (byte) digest.length}, digest);
    }

    /**
     * Reads either text form: bare base58btc, which begins with {@code 1} or {@code Qm}, or a CID in multibase (PID-43, PID-45).
     *
     * @param text at most 93 characters
     * @return the peer id
     * @throws IllegalArgumentException when it is no peer id in either form
     */
    public static PeerId parse(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException(
                    "a peer id has at most " + MAX_TEXT_LENGTH + " characters, not " + text.length());
        }
        try {
            if (text.startsWith("1") || text.startsWith("Qm")) {
                return decode(NumberText.BASE58.decode(text));
            }
            return decodeCid(Multibase.decode(text));
        } catch (InvalidPeerIdException e) {
            throw new IllegalArgumentException("no peer id: " + Printable.of(text) + ": " + e.getMessage(), e);
        }
    }

    /** Reads version 1, the codec of libp2p keys, and the multihash (PID-46). */
    private static PeerId decodeCid(byte[] cid) throws InvalidPeerIdException {
        ByteBuffer in = ByteBuffer.wrap(cid);
        long version = varint(in, "CID version");
        if (version != CID_VERSION) {
            throw new InvalidPeerIdException("a peer id is a CID of version 1, not " + version);
        }
        long codec = varint(in, "CID codec");
        if (codec != LIBP2P_KEY) {
            throw new InvalidPeerIdException("a peer id is a CID with codec 0x72, not 0x" + Long.toHexString(codec));
        }
        return decode(Arrays.copyOfRange(cid, in.position(), cid.length));
    }

    /**
     * Reads the binary form. An inlined digest that is not a key message makes an id without a key (PID-40).
     *
     * @param multihash sha2-256 with 32 bytes or identity with at most 42, and nothing after it
     * @return the peer id
     * @throws InvalidPeerIdException when it is anything else (PID-33, PID-37 to PID-39)
     */
    public static PeerId decode(byte[] multihash) throws InvalidPeerIdException {
        ByteBuffer in = ByteBuffer.wrap(multihash);
        long code = varint(in, "multihash code");
        if (code != IDENTITY && code != SHA2_256) {
            throw new InvalidPeerIdException(
                    "a peer id is a multihash with code 0x00 or 0x12, not 0x" + Long.toHexString(code));
        }
        long length = varint(in, "multihash length");
        if (length != in.remaining()) {
            throw new InvalidPeerIdException(
                    "a multihash of length " + length + " is followed by " + in.remaining() + " bytes");
        }
        if (code == SHA2_256 && length != Sha256.DIGEST_BYTES) {
            throw new InvalidPeerIdException("a sha2-256 digest has 32 bytes, not " + length);
        }
        if (code == IDENTITY && length > MAX_INLINE_BYTES) {
            throw new InvalidPeerIdException(
                    "an inlined key has at most " + MAX_INLINE_BYTES + " bytes, not " + length);
        }
        return new PeerId(multihash.clone());
    }

    private static long varint(ByteBuffer in, String what) throws InvalidPeerIdException {
        try {
            return Varint.decode(in);
        } catch (VarintException e) {
            throw new InvalidPeerIdException(what + ": " + e.getMessage(), e);
        }
    }

    /** {@return the multihash} */
    public byte[] bytes() {
        return multihash.clone();
    }

    /** {@return the key, if the id contains it, as for Ed25519 and secp256k1 (PID-41)} */
    public Optional<PublicKey> publicKey() {
        PublicKey known = key;
        if (known == null && multihash[0] == IDENTITY) {
            try {
                known = PublicKey.decode(Arrays.copyOfRange(multihash, 2, multihash.length));
            } catch (InvalidKeyException e) {
                return Optional.empty();
            }
            key = known;
        }
        return Optional.ofNullable(known);
    }

    /** {@return the CID form, {@code bafz…}: version 1 in base32 (PID-47)} {@link #parse} reads it. */
    public String toCid() {
        return Multibase.encodeBase32(Bytes.concat(new byte[] {CID_VERSION, LIBP2P_KEY}, multihash));
    }

    /** The order of the multihashes as unsigned bytes. */
    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && hash == that.hash && Arrays.equals(multihash, that.multihash);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The bare base58btc form (PID-44). */
    @Override
    public String toString() {
        String made = text;
        if (made == null) {
            made = NumberText.BASE58.encode(multihash);
            text = made;
        }
        return made;
    }
}
