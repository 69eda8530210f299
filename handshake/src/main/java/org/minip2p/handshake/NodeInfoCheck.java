package org.minip2p.handshake;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;

/**
 * The checks of received data, in their order, each with its own reason: size, protobuf, payload type, signer ({@link #read}); signature,
 * JSON and entries, network id ({@link #judge}); the application's filters ({@link #filter}). The signer is compared before the signature
 * is checked, which costs more than all other checks. Thread-safe if the filters are.
 */
final class NodeInfoCheck {
    /** The domain of the signature (NIF-2). */
    static final String DOMAIN = "ssv";

    private static final String PAYLOAD_TYPE = "ssv/nodeinfo";

    private final List<NodeInfoFilter> filters;

    NodeInfoCheck(List<NodeInfoFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    /** The type of the payload (NIF-2). */
    static byte[] payloadType() {
        return PAYLOAD_TYPE.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the application has filters. */
    boolean hasFilters() {
        return !filters.isEmpty();
    }

    /**
     * Reads the content of an envelope whose signature has been checked.
     *
     * @param accepted the networks that are accepted now (NIF-34)
     * @param isGood whether the signature is valid
     * @return the peer's node info
     * @throws HandshakeFailedException with the first check that failed
     */
    NodeInfo judge(SignedEnvelope.Unverified envelope, boolean isGood, Set<String> accepted)
            throws HandshakeFailedException {
        NodeInfo theirs;
        try {
            theirs = decode(envelope.verified(isGood));
        } catch (InvalidEnvelopeException e) {
            throw invalid(e);
        }
        if (!accepted.contains(theirs.networkId())) {
            throw new HandshakeFailedException(new FailureReason.NetworkMismatch(accepted, theirs.networkId()));
        }
        return theirs;
    }

    /** The reason of the first filter that refuses the peer; null when none does. Throws the exceptions of the filters. */
    FailureReason.@Nullable Filtered filter(PeerId peer, NodeInfo theirs) {
        for (NodeInfoFilter filter : filters) {
            Optional<String> refusal = filter.refusal(peer, theirs);
            if (refusal.isPresent()) {
                return new FailureReason.Filtered(refusal.get());
            }
        }
        return null;
    }

    /**
     * Reads an envelope that is not verified yet.
     *
     * @param received the bytes up to the end of input; not changed
     * @param peer the peer of the connection, which must be the signer
     * @throws HandshakeFailedException with the first check that failed
     */
    SignedEnvelope.Unverified read(byte[] received, PeerId peer) throws HandshakeFailedException {
        if (received.length > SignedEnvelope.MAX_BYTES) {
            throw new HandshakeFailedException(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
        }
        SignedEnvelope.Unverified envelope;
        try {
            envelope = SignedEnvelope.read(received, DOMAIN, payloadType());
        } catch (InvalidEnvelopeException e) {
            throw invalid(e);
        }
        PeerId signer = PeerId.of(envelope.signer());
        if (!signer.equals(peer)) {
            throw new HandshakeFailedException(new FailureReason.WrongSigner(peer, signer));
        }
        return envelope;
    }

    private static HandshakeFailedException invalid(InvalidEnvelopeException e) {
        String detail = String.valueOf(e.getMessage());
        return new HandshakeFailedException(new FailureReason.InvalidEnvelope(e.reason(), detail), e);
    }

    private static NodeInfo decode(SignedEnvelope envelope) throws HandshakeFailedException {
        try {
            return NodeInfo.decode(envelope.payload());
        } catch (InvalidNodeInfoException e) {
            String detail = String.valueOf(e.getMessage());
            throw new HandshakeFailedException(new FailureReason.InvalidNodeInfo(e.reason(), detail), e);
        }
    }
}
