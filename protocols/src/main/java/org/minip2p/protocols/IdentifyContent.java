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
 * Takes the valid parts of a peer's message, up to a fixed amount (IDN-23, IDN-24). A signed peer record is not read: the plain addresses
 * are used.
 */
final class IdentifyContent {
    /** The most addresses kept for one peer (IDN-24). */
    static final int MAX_ADDRESSES = 500;

    /** The most protocols kept for one peer: many times what any known node supports, and below go's 1,024 (IDN-24). */
    static final int MAX_PROTOCOLS = 128;

    /** The most components of an address that is kept: three times what any transport has, with a relay before it. */
    static final int MAX_COMPONENTS = 16;

    /** The most bytes kept for one peer: enough for both lists with entries of realistic length. */
    static final long MAX_PEER_BYTES = 256 << 10;

    /** The overhead of objects besides their bytes; the texts of an address are made of its components. */
    private static final int ENTRY_BYTES = 80;

    private static final int COMPONENT_BYTES = 96;

    private IdentifyContent() {}

    /** The memory that this takes, in bytes, as on the heap of a 64-bit JVM. */
    static long bytes(IdentifyInfo info) {
        long bytes = 4L * ENTRY_BYTES
                + info.protocolVersion().length()
                + info.agentVersion().length();
        for (Multiaddr address : info.listenAddresses()) {
            bytes += bytes(address);
        }
        for (ProtocolId protocol : info.protocols()) {
            bytes += bytes(protocol);
        }
        return bytes + info.observedAddress().map(IdentifyContent::bytes).orElse(0L);
    }

    private static long bytes(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        long text = components.stream()
                .mapToLong(component -> component.value().length())
                .sum();
        return ENTRY_BYTES + (long) COMPONENT_BYTES * components.size() + 2 * text;
    }

    private static long bytes(ProtocolId protocol) {
        return ENTRY_BYTES + 2L * protocol.value().length();
    }

    /**
     * Checks that a message names no other key than that of the connection. A message without a key is valid: the handshake has
     * proved the key.
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
     * Merges a message into the known data of a peer.
     *
     * @param known the known data; fields that are missing in the message keep their value, also lists (IDN-26); null when nothing is
     *     known
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
        Bounded<Multiaddr> good = new Bounded<>(MAX_ADDRESSES, MAX_PEER_BYTES * 3 / 4);
        for (ByteString bytes : message.getListenAddrsList()) {
            if (good.isFull()) {
                break;
            }
            address(bytes)
                    .filter(address -> address.peerId().map(peer::equals).orElse(true))
                    .ifPresent(address -> good.add(address, bytes(address)));
        }
        return good.list();
    }

    /** The distinct entries, up to the limits of number and bytes. */
    private static final class Bounded<T> {
        private final Set<T> entries = new LinkedHashSet<>();
        private final int maxEntries;
        private long bytesLeft;

        Bounded(int maxEntries, long maxBytes) {
            this.maxEntries = maxEntries;
            this.bytesLeft = maxBytes;
        }

        boolean isFull() {
            return entries.size() == maxEntries || bytesLeft <= 0;
        }

        void add(T entry, long bytes) {
            if (bytes > bytesLeft) {
                bytesLeft = 0;
            } else if (entries.add(entry)) {
                bytesLeft -= bytes;
            }
        }

        List<T> list() {
            return List.copyOf(entries);
        }
    }

    private static Optional<Multiaddr> address(ByteString bytes) {
        try {
            return Optional.of(Multiaddr.decode(bytes.toByteArray(), MAX_COMPONENTS));
        } catch (InvalidMultiaddrException e) {
            return Optional.empty();
        }
    }

    private static List<ProtocolId> protocols(IdentifyMessage message) {
        Bounded<ProtocolId> good = new Bounded<>(MAX_PROTOCOLS, MAX_PEER_BYTES / 4);
        for (ByteString bytes : message.getProtocolsList()) {
            if (good.isFull()) {
                break;
            }
            protocol(bytes).ifPresent(protocol -> good.add(protocol, bytes(protocol)));
        }
        return good.list();
    }

    /** A name with control characters is never valid. */
    private static Optional<ProtocolId> protocol(ByteString bytes) {
        try {
            ByteBuffer in = bytes.asReadOnlyByteBuffer();
            String name = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
            return Printable.isSafe(name) ? Optional.of(new ProtocolId(name)) : Optional.empty();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(ByteString bytes) {
        return Printable.of(bytes.toStringUtf8());
    }
}
