package org.minip2p.protocols;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;

/**
 * What connected peers have said of themselves, within a sum for the host: when that is spent, those of whom most is kept lose their
 * lists, and nobody else loses anything.
 *
 * <p>Written on the host's peer executor alone, read by anybody.
 */
final class KnownPeers {
    /** Room for the full {@link IdentifyContent#MAX_PEER_BYTES} of 64 peers, and for what a thousand honest ones say. */
    static final long MAX_BYTES = 64 * IdentifyContent.MAX_PEER_BYTES;

    private final ConcurrentMap<PeerId, IdentifyInfo> known = new ConcurrentHashMap<>();
    private final long maxBytes;
    private long bytes;

    KnownPeers(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Nullable IdentifyInfo get(PeerId peer) {
        return known.get(peer);
    }

    Optional<IdentifyInfo> find(PeerId peer) {
        return Optional.ofNullable(known.get(peer));
    }

    /** The peers of whom something is known, and what. */
    Iterable<Map.Entry<PeerId, IdentifyInfo>> entries() {
        return known.entrySet();
    }

    /** What is kept, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Keeps what a peer says now in the place of what it said before; whether nothing was known of it. */
    boolean put(PeerId peer, IdentifyInfo info) {
        IdentifyInfo before = replace(peer, info);
        while (bytes > maxBytes && dropLists()) {
            // one peer's after the other
        }
        return before == null;
    }

    private @Nullable IdentifyInfo replace(PeerId peer, IdentifyInfo info) {
        IdentifyInfo before = known.put(peer, info);
        bytes += IdentifyContent.bytes(info) - (before == null ? 0 : IdentifyContent.bytes(before));
        return before;
    }

    private boolean dropLists() {
        Map.Entry<PeerId, IdentifyInfo> most = known.entrySet().stream()
                .filter(entry -> !entry.getValue().listenAddresses().isEmpty()
                        || !entry.getValue().protocols().isEmpty())
                .max(Comparator.comparingLong(entry -> IdentifyContent.bytes(entry.getValue())))
                .orElse(null);
        if (most == null) {
            return false;
        }
        IdentifyInfo info = most.getValue();
        replace(
                most.getKey(),
                new IdentifyInfo(
                        info.publicKey(),
                        List.of(),
                        List.of(),
                        info.observedAddress(),
                        info.protocolVersion(),
                        info.agentVersion()));
        return true;
    }

    /** The peer is gone. */
    void forget(PeerId peer) {
        IdentifyInfo before = known.remove(peer);
        if (before != null) {
            bytes -= IdentifyContent.bytes(before);
        }
    }
}
