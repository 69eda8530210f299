package org.minip2p.protocols;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.InvalidMultiaddrException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.protocols.IdentifyFailedException.Reason;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * Takes from a peer's message what is good in it, and no more than a fixed amount (IDN-23, IDN-24). A signed peer record is not read: the
 * plain addresses are used.
 */
final class IdentifyContent {
    /** The most addresses kept of one peer (IDN-24). */
    static final int MAX_ADDRESSES = 500;

    /** The most protocols kept of one peer: many times what any known node speaks, and below go's 1,024 (IDN-24). */
    static final int MAX_PROTOCOLS = 128;

    private IdentifyContent() {}

    /**
     * Checks that a message, if it names a key, names that of the connection. One without key is fine: the handshake has proved it.
     *
     * @throws IdentifyFailedException when the key is another (IDN-10)
     */
    static void checkKey(IdentifyMessage message, PeerId peer) throws IdentifyFailedException {
        if (!message.hasPublicKey()) {
            return;
        }
        PeerId claimed;
        try {
            claimed = PeerId.of(PublicKey.decode(message.getPublicKey().toByteArray()));
        } catch (InvalidKeyException e) {
            throw new IdentifyFailedException(Reason.WRONG_KEY, "expected the key of " + peer + ", got none", e);
        }
        if (!claimed.equals(peer)) {
            throw new IdentifyFailedException(
                    Reason.WRONG_KEY, "expected the key of " + peer + ", got that of " + claimed);
        }
    }

    /**
     * What is now known of a peer.
     *
     * @param known what a field that is missing leaves as it is, lists too (IDN-26); null when nothing is known
     * @param key the key that the handshake proved
     */
    static IdentifyInfo update(IdentifyMessage message, @Nullable IdentifyInfo known, PublicKey key) {
        IdentifyInfo old =
                known != null ? known : new IdentifyInfo(key, List.of(), List.of(), Optional.empty(), "", "");
        return new IdentifyInfo(
                key,
                message.getListenAddrsCount() == 0 ? old.listenAddresses() : addresses(message, PeerId.of(key)),
                message.getProtocolsCount() == 0 ? old.protocols() : protocols(message),
                message.hasObservedAddr() ? address(message.getObservedAddr()) : old.observedAddress(),
                message.hasProtocolVersion() ? text(message.getProtocolVersion()) : old.protocolVersion(),
                message.hasAgentVersion() ? text(message.getAgentVersion()) : old.agentVersion());
    }

    private static List<Multiaddr> addresses(IdentifyMessage message, PeerId peer) {
        Set<Multiaddr> good = new LinkedHashSet<>();
        for (ByteString bytes : message.getListenAddrsList()) {
            if (good.size() < MAX_ADDRESSES) {
                address(bytes)
                        .filter(address -> address.peerId().map(peer::equals).orElse(true))
                        .ifPresent(good::add);
            }
        }
        return List.copyOf(good);
    }

    private static Optional<Multiaddr> address(ByteString bytes) {
        try {
            return Optional.of(Multiaddr.decode(bytes.toByteArray()));
        } catch (InvalidMultiaddrException e) {
            return Optional.empty();
        }
    }

    private static List<ProtocolId> protocols(IdentifyMessage message) {
        Set<ProtocolId> good = new LinkedHashSet<>();
        for (ByteString bytes : message.getProtocolsList()) {
            if (good.size() < MAX_PROTOCOLS) {
                protocol(bytes).ifPresent(good::add);
            }
        }
        return List.copyOf(good);
    }

    private static Optional<ProtocolId> protocol(ByteString bytes) {
        try {
            ByteBuffer in = bytes.asReadOnlyByteBuffer();
            return Optional.of(new ProtocolId(
                    StandardCharsets.UTF_8.newDecoder().decode(in).toString()));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(ByteString bytes) {
        return Printable.of(bytes.toStringUtf8());
    }
}
