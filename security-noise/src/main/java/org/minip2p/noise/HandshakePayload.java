package org.minip2p.noise;

import static org.minip2p.noise.RemoteIdentityException.Reason.BAD_SIGNATURE;
import static org.minip2p.noise.RemoteIdentityException.Reason.INVALID_KEY;
import static org.minip2p.noise.RemoteIdentityException.Reason.MISSING_KEY;
import static org.minip2p.noise.RemoteIdentityException.Reason.MISSING_SIGNATURE;
import static org.minip2p.noise.RemoteIdentityException.Reason.UNREADABLE_PAYLOAD;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.KeyType;
import org.minip2p.core.PublicKey;
import org.minip2p.noise.pb.NoiseExtensions;
import org.minip2p.noise.pb.NoiseHandshakePayload;

/**
 * The payload of messages 2 and 3: the proof of our identity, and our muxers.
 *
 * <pre>
 *   1 identity_key   the key message of the libp2p identity
 *   2 identity_sig   its signature over "noise-libp2p-static-key:" and the Noise static key
 *   4 extensions     1 webtransport_certhashes (not read), 2 stream_muxers
 * </pre>
 *
 * <p>Immutable.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#the-libp2p-handshake-payload">Noise, libp2p handshake
 *     payload</a>
 */
final class HandshakePayload {
    /** A list with more names than this is ignored (NOI-60): go-libp2p's bound. */
    static final int MAX_MUXERS = 100;

    private static final byte[] SIGNATURE_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    private static final int IDENTITY_KEY_TAG = delimited(NoiseHandshakePayload.IDENTITY_KEY_FIELD_NUMBER);
    private static final int IDENTITY_SIGNATURE_TAG = delimited(NoiseHandshakePayload.IDENTITY_SIG_FIELD_NUMBER);
    private static final int EXTENSIONS_TAG = delimited(NoiseHandshakePayload.EXTENSIONS_FIELD_NUMBER);
    private static final int STREAM_MUXERS_TAG = delimited(NoiseExtensions.STREAM_MUXERS_FIELD_NUMBER);

    private final byte[] identityKey;
    private final byte[] signature;
    private final List<String> muxers;

    private HandshakePayload(byte[] identityKey, byte[] signature, List<String> muxers) {
        this.identityKey = identityKey;
        this.signature = signature;
        this.muxers = List.copyOf(muxers);
    }

    /** The bytes that an identity key signs: the prefix, then the Noise static key (NOI-41). */
    static byte[] signedBytes(byte[] staticKey) {
        byte[] bytes = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + staticKey.length);
        System.arraycopy(staticKey, 0, bytes, SIGNATURE_PREFIX.length, staticKey.length);
        return bytes;
    }

    /**
     * Encodes a payload.
     *
     * @param identityKey our key message
     * @param signature over {@link #signedBytes}
     * @param muxers the muxers to name; without any there are no extensions
     */
    static byte[] encode(byte[] identityKey, byte[] signature, List<String> muxers) {
        NoiseHandshakePayload.Builder payload = NoiseHandshakePayload.newBuilder()
                .setIdentityKey(ByteString.copyFrom(identityKey))
                .setIdentitySig(ByteString.copyFrom(signature));
        if (!muxers.isEmpty()) {
            payload.setExtensions(NoiseExtensions.newBuilder().addAllStreamMuxers(muxers));
        }
        return payload.build().toByteArray();
    }

    /**
     * Reads a payload; it is untrusted until {@link #verify}.
     *
     * @param payload as decrypted
     * @throws RemoteIdentityException when it is not such a message, or has no key or no signature (NOI-43)
     */
    static HandshakePayload decode(byte[] payload) throws RemoteIdentityException {
        /*
         * Read by hand: the generated parser would keep unknown fields, and create an object for each of the tens of thousands of names
         * that fit into a message. Unknown fields are skipped (NOI-47, 48).
         */
        byte[] key = new byte[0];
        byte[] signature = new byte[0];
        List<String> muxers = new ArrayList<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(payload);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == IDENTITY_KEY_TAG) {
                    key = in.readByteArray();
                } else if (tag == IDENTITY_SIGNATURE_TAG) {
                    signature = in.readByteArray();
                } else if (tag == EXTENSIONS_TAG) {
                    readExtensions(in, muxers);
                } else {
                    skip(in, tag);
                }
            }
        } catch (IOException e) {
            throw new RemoteIdentityException(
                    UNREADABLE_PAYLOAD, "no handshake payload in " + payload.length + " bytes", e);
        }
        if (key.length == 0) {
            throw new RemoteIdentityException(MISSING_KEY, "the handshake payload has no identity key", null);
        }
        if (signature.length == 0) {
            throw new RemoteIdentityException(MISSING_SIGNATURE, "the handshake payload has no signature", null);
        }
        return new HandshakePayload(key, signature, muxers.size() > MAX_MUXERS ? List.of() : muxers);
    }

    /**
     * Checks that the identity key vouches for the static key of this handshake (NOI-42).
     *
     * @param remoteStatic the static key that the peer used
     * @return the identity key
     * @throws RemoteIdentityException when the key is invalid, or the signature is not valid for it
     */
    PublicKey verify(byte[] remoteStatic) throws RemoteIdentityException {
        PublicKey key;
        try {
            key = PublicKey.decode(identityKey);
        } catch (InvalidKeyException e) {
            throw new RemoteIdentityException(INVALID_KEY, "no identity key in " + identityKey.length + " bytes", e);
        }
        if (!key.verify(signedBytes(remoteStatic), signature)) {
            throw new RemoteIdentityException(
                    BAD_SIGNATURE, "the " + key.type() + " identity key did not sign this static key", null);
        }
        return key;
    }

    /** Whether {@link #verify} is fast, as with Ed25519; the type is the second byte of the canonical key message. */
    boolean isQuicklyVerified() {
        return identityKey.length > 1 && identityKey[1] == KeyType.ED25519.code();
    }

    /** The muxers that the peer named; none when it named more than {@value #MAX_MUXERS}. */
    List<String> muxers() {
        return muxers;
    }

    private static void readExtensions(CodedInputStream in, List<String> muxers) throws IOException {
        int outerLimit = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == STREAM_MUXERS_TAG && muxers.size() <= MAX_MUXERS) {
                muxers.add(in.readString());
            } else {
                skip(in, tag);
            }
        }
        in.popLimit(outerLimit);
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that did not start");
        }
    }

    private static int delimited(int field) {
        return (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
