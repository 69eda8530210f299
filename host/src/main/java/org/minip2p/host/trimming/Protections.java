package org.minip2p.host.trimming;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.minip2p.core.PeerId;
import org.minip2p.host.limits.ConnectionLimits;

/**
 * The protected peers, with reasons. While there are any, the host accepts and dials a few sockets above its limit, since a peer's id is
 * known only after its handshake. Thread-safe.
 */
public final class Protections {
    /** The reason for kept connections; equal to no text of the application. */
    public static final Object KEPT = new Object();

    /** A quarter of the sockets that may upgrade at the same time. */
    private static final int SOCKETS_TO_LOOK_AT = 16;

    private final ConnectionLimits limits;
    private final Map<PeerId, Set<Object>> tags = new HashMap<>();

    /** Creates the protections, without a peer, on a host with these limits. */
    public Protections(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Protects a peer for a reason. */
    public synchronized void protect(PeerId peer, Object tag) {
        Objects.requireNonNull(tag);
        tags.computeIfAbsent(Objects.requireNonNull(peer), first -> new HashSet<>())
                .add(tag);
        limits.overbook(SOCKETS_TO_LOOK_AT);
    }

    /** Removes a reason; returns whether the peer had it. */
    public synchronized boolean unprotect(PeerId peer, Object tag) {
        Objects.requireNonNull(tag);
        Set<Object> known = tags.get(Objects.requireNonNull(peer));
        if (known == null || !known.remove(tag)) {
            return false;
        }
        if (known.isEmpty()) {
            tags.remove(peer);
        }
        if (tags.isEmpty()) {
            limits.overbook(0);
        }
        return true;
    }

    /** Whether there is any reason. */
    public synchronized boolean isProtected(PeerId peer) {
        return tags.containsKey(Objects.requireNonNull(peer));
    }
}
