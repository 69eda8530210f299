package org.minip2p.handshake;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Parser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Varint;
import org.minip2p.handshake.InvalidEnvelopeException.Reason;
import org.minip2p.handshake.pb.EnvelopeMessage;
import org.minip2p.host.Host;

/**
 * A signed envelope: a payload of any kind with the public key and the signature of its signer.
 *
 * <pre>
 *   message:       public key = 1, payload type = 2, payload = 3, signature = 5
 *   signed bytes:  length domain  length payload-type  length payload     (each length an unsigned varint)
 * </pre>
 *
 * <p>The domain is not in the message: both sides know it, and a signature for one domain is invalid for another. Every instance has been
 * verified. Immutable.
 *
 * <p>The caller must compare the signer with the peer of the connection: an envelope that another key has validly signed is a valid
 * envelope.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md">RFC 0002, Signed Envelopes</a>
 */
public final class SignedEnvelope {
    /** The most bytes that are read: about fifty times the size of node info. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Only unknown groups nest, and no known implementation sends any. */
    private static final int MAX_DEPTH = 4;

    private static final Parser<EnvelopeMessage> PARSER = DiscardUnknownFieldsParser.wrap(EnvelopeMessage.parser());

    private final byte[] encoded;
    private final PublicKey signer;
    private final byte[] payload;

    private SignedEnvelope(byte[] encoded, PublicKey signer, byte[] payload) {
        this.encoded = encoded;
        this.signer = signer;
        this.payload = payload;
    }

    /**
     * Signs a payload with a host's key.
     *
     * @param host signs
     * @param domain what the signature is for, not empty
     * @param payloadType what the payload is, not empty (ENV-13)
     * @param payload any bytes
     * @return the encoded envelope
     * @throws IllegalArgumentException when domain or type is empty, or the envelope would be longer than {@value #MAX_BYTES} bytes
     */
    public static byte[] seal(Host host, String domain, byte[] payloadType, byte[] payload) {
        return seal(host.publicKey(), host::sign, domain, payloadType, payload);
    }

    /**
     * Signs a payload.
     *
     * @param key signs
     * @param domain what the signature is for, not empty
     * @param payloadType what the payload is, not empty (ENV-13)
     * @param payload any bytes
     * @return the encoded envelope
     * @throws IllegalArgumentException when domain or type is empty, or the envelope would be longer than {@value #MAX_BYTES} bytes
     */
    public static byte[] seal(PrivateKey key, String domain, byte[] payloadType, byte[] payload) {
        return seal(key.publicKey(), key::sign, domain, payloadType, payload);
    }

    private static byte[] seal(
            PublicKey key, UnaryOperator<byte[]> sign, String domain, byte[] payloadType, byte[] payload) {
        if (domain.isEmpty() || payloadType.length == 0) {
            throw new IllegalArgumentException("an envelope needs a domain and a payload type");
        }
        byte[] encoded = EnvelopeMessage.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.encoded()))
                .setPayloadType(ByteString.copyFrom(payloadType))
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(sign.apply(signedBytes(domain, payloadType, payload))))
                .build()
                .toByteArray();
        if (encoded.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "an envelope of " + encoded.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        return encoded;
    }

    /**
     * Reads and verifies an envelope. The payload is not parsed before (ENV-9), and is exactly the signed bytes (ENV-8).
     *
     * @param encoded the message and nothing else
     * @param domain the expected domain of the signature
     * @param payloadType the expected type of the payload
     * @return the envelope
     * @throws InvalidEnvelopeException with the first check that failed
     */
    public static SignedEnvelope open(byte[] encoded, String domain, byte[] payloadType)
            throws InvalidEnvelopeException {
        Unverified unverified = read(encoded, domain, payloadType);
        return unverified.verified(unverified.signer.verify(unverified.signed, unverified.signature));
    }

    /**
     * The part of {@link #open} before the check of the signature, which may cost more than everything else: so that the caller can compare
     * the signer first.
     *
     * @throws InvalidEnvelopeException with the first check that failed
     */
    static Unverified read(byte[] encoded, String domain, byte[] payloadType) throws InvalidEnvelopeException {
        if (encoded.length > MAX_BYTES) {
            throw new InvalidEnvelopeException(
                    Reason.TOO_LARGE,
                    "an envelope of " + encoded.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        EnvelopeMessage message = parse(encoded);
        byte[] type = message.getPayloadType().toByteArray();
        if (!message.getPayloadType().equals(ByteString.copyFrom(payloadType))) {
            throw new InvalidEnvelopeException(
                    Reason.WRONG_PAYLOAD_TYPE,
                    "the payload type of " + type.length + " bytes is not the expected one of " + payloadType.length);
        }
        PublicKey signer = signer(message);
        byte[] payload = message.getPayload().toByteArray();
        return new Unverified(
                encoded,
                signer,
                payload,
                signedBytes(domain, type, payload),
                message.getSignature().toByteArray());
    }

    /**
     * An envelope whose signature has not been checked: all of it is untrusted.
     *
     * @param encoded the message; not changed
     * @param signer the key that it names
     * @param payload the payload, which may be signed
     * @param signed the bytes that the signature must cover
     * @param signature the unchecked signature
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Unverified(byte[] encoded, PublicKey signer, byte[] payload, byte[] signed, byte[] signature) {
        /**
         * The envelope.
         *
         * @param isGood whether the signature is valid
         */
        SignedEnvelope verified(boolean isGood) throws InvalidEnvelopeException {
            if (!isGood) {
                throw new InvalidEnvelopeException(
                        Reason.INVALID_SIGNATURE,
                        "the signature is not that of " + PeerId.of(signer) + " for this payload");
            }
            return new SignedEnvelope(encoded.clone(), signer, payload);
        }
    }

    private static EnvelopeMessage parse(byte[] encoded) throws InvalidEnvelopeException {
        EnvelopeMessage message;
        try {
            CodedInputStream input = CodedInputStream.newInstance(encoded);
            input.setRecursionLimit(MAX_DEPTH);
            message = PARSER.parseFrom(input);
            input.checkLastTagWas(0);
        } catch (IOException e) {
            throw new InvalidEnvelopeException(Reason.MALFORMED, "no envelope in " + encoded.length + " bytes", e);
        }
        if (message.getPublicKey().isEmpty()) {
            throw new InvalidEnvelopeException(Reason.MALFORMED, "an envelope without public key");
        }
        if (message.getSignature().isEmpty()) {
            throw new InvalidEnvelopeException(Reason.MALFORMED, "an envelope without signature");
        }
        return message;
    }

    private static PublicKey signer(EnvelopeMessage message) throws InvalidEnvelopeException {
        try {
            return PublicKey.decode(message.getPublicKey().toByteArray());
        } catch (InvalidKeyException e) {
            throw new InvalidEnvelopeException(Reason.INVALID_KEY, "the envelope's public key is none", e);
        }
    }

    /** The bytes to sign (ENV-3, ENV-4). */
    static byte[] signedBytes(String domain, byte[] payloadType, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {domain.getBytes(StandardCharsets.UTF_8), payloadType, payload}) {
            out.writeBytes(Varint.encode(part.length));
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** {@return the key that has signed} */
    public PublicKey signer() {
        return signer;
    }

    /** {@return the peer whose key has signed (ENV-11)} */
    public PeerId signerId() {
        return PeerId.of(signer);
    }

    /** {@return what was signed} */
    public byte[] payload() {
        return payload.clone();
    }

    /** {@return the unchanged envelope, to keep or pass on (ENV-17)} */
    public byte[] encoded() {
        return encoded.clone();
    }

    @Override
    public String toString() {
        return "SignedEnvelope[signer=" + signerId() + ", payload=" + payload.length + " bytes]";
    }
}
