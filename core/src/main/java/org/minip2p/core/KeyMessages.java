package org.minip2p.core;

import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.minip2p.core.pb.KeyMessage;

/**
 * The protobuf envelope of public and private keys: type number and key bytes, in exactly one encoding (PID-1 to PID-9).
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">peer ids, Keys</a>
 */
final class KeyMessages {
    /** The longest message read, in bytes: an RSA public key of 8,192 bits whose exponent has 31 bits takes 1,068. */
    static final int MAX_PUBLIC_BYTES = 1_068;

    /** The longest private message read, in bytes: an RSA private key of 8,192 bits takes at most 4,661. */
    static final int MAX_PRIVATE_BYTES = 4_661;

    private static final byte TYPE_TAG = KeyMessage.TYPE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;
    private static final byte DATA_TAG = KeyMessage.DATA_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** A parsed message. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Parsed(KeyType type, byte[] data) {}

    private KeyMessages() {}

    /** The one encoding of a key: both fields in the order of their numbers, with minimal varints. */
    static byte[] encode(KeyType type, byte[] data) {
        return Bytes.concat(new byte[] {TYPE_TAG, (byte) type.code(), DATA_TAG}, Varint.encode(data.length), data);
    }

    /**
     * Reads a message that must be in canonical form: a peer id must not depend on how a peer encoded its key (PID-7).
     *
     * @param maxBytes the longest message to accept
     */
    static Parsed decode(byte[] message, int maxBytes) throws InvalidKeyException {
        if (message.length > maxBytes) {
            throw new InvalidKeyException("a key message has at most " + maxBytes + " bytes, not " + message.length);
        }
        // Read by hand: a protobuf parser accepts every encoding, and our varints are minimal anyway.
        ByteBuffer in = ByteBuffer.wrap(message);
        expect(TYPE_TAG, in);
        long code = varint(in);
        KeyType type =
                KeyType.ofCode(code).orElseThrow(() -> new InvalidKeyException("key types are 0 to 3, not " + code));
        expect(DATA_TAG, in);
        if (varint(in) != in.remaining()) {
            throw notCanonical();
        }
        return new Parsed(type, Arrays.copyOfRange(message, in.position(), message.length));
    }

    private static void expect(byte tag, ByteBuffer in) throws InvalidKeyException {
        if (!in.hasRemaining() || in.get() != tag) {
            throw notCanonical();
        }
    }

    private static long varint(ByteBuffer in) throws InvalidKeyException {
        try {
            return Varint.decode(in);
        } catch (VarintException e) {
            throw notCanonical();
        }
    }

    /** Does not quote the input, which may be a private key. */
    private static InvalidKeyException notCanonical() {
        return new InvalidKeyException(
                "the key message is not in canonical form: type, data, nothing else, all minimal");
    }
}
