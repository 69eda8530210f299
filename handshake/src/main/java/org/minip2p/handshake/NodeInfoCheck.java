package org.minip2p.handshake;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.minip2p.core.PeerId;

/**
 * The checks of what is read in an exchange, in their order, each with its own reason: size, protobuf, domain and payload type,
 * signature, signer, JSON and entries, network id, the application's filters. Thread-safe if the filters are.
 */
final class NodeInfoCheck {
    /** What the signature is for (NIF-2). */
    static final String DOMAIN = "ssv";

    private static final String PAYLOAD_TYPE = "ssv/nodeinfo";

    private final List<NodeInfoFilter> filters;

    NodeInfoCheck(List<NodeInfoFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    /** What the payload is (NIF-2). */
    static byte[] payloadType() {
        return PAYLOAD_TYPE.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes all checks.
     *
     * @param received what was read to the end of input
     * @param peer the peer of the connection
     * @param accepted the networks that are accepted now (NIF-34)
     * @return the peer's
     * @throws HandshakeFailedException with the first check that failed
     */
    NodeInfo check(byte[] received, PeerId peer, Set<String> accepted) throws HandshakeFailedException {
        NodeInfo theirs = decode(open(received, peer));
        if (!accepted.contains(theirs.networkId())) {
            throw new HandshakeFailedException(new FailureReason.NetworkMismatch(accepted, theirs.networkId()));
        }
        for (NodeInfoFilter filter : filters) {
            Optional<String> refusal = filter.refusal(peer, theirs);
            if (refusal.isPresent()) {
                throw new HandshakeFailedException(new FailureReason.Filtered(refusal.get()));
            }
        }
        return theirs;
    }

    private static SignedEnvelope open(byte[] received, PeerId peer) throws HandshakeFailedException {
        if (received.length > SignedEnvelope.MAX_BYTES) {
            throw new HandshakeFailedException(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
        }
        SignedEnvelope envelope;
        try {
            envelope = SignedEnvelope.open(received, DOMAIN, payloadType());
        } catch (InvalidEnvelopeException e) {
            String detail = String.valueOf(e.getMessage());
            throw new HandshakeFailedException(new FailureReason.InvalidEnvelope(e.reason(), detail), e);
        }
        if (!envelope.signerId().equals(peer)) {
            throw new HandshakeFailedException(new FailureReason.WrongSigner(peer, envelope.signerId()));
        }
        return envelope;
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
