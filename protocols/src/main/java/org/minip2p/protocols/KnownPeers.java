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
 * The identify data of connected peers, within a total for the host: when it is used up, the peers with the most data lose their
 * lists. Other peers are not affected.
 *
 * <p>Written only on the host's peer executor, read on any thread.
 */
final class KnownPeers {
    /** Room for the full {@link IdentifyContent#MAX_PEER_BYTES} of 64 peers, or for the data of a thousand honest ones. */
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

    /** The known data, by peer. */
    Iterable<Map.Entry<PeerId, IdentifyInfo>> entries() {
        return known.entrySet();
    }

    /** The kept bytes. */
    long bytes() {
        return bytes;
    }

    /** Replaces the data of a peer; returns whether nothing was known of it before. */
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

    /** The peer has disconnected. */
    void forget(PeerId peer) {
        IdentifyInfo before = known.remove(peer);
        if (before != null) {
            bytes -= IdentifyContent.bytes(before);
        }
    }
}
