package org.minip2p.host.trimming;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.minip2p.core.PeerId;
import org.minip2p.host.limits.ConnectionLimits;

/**
 * Which peers are not to go, and why. While there are any, a few sockets more than the host may have are accepted and dialed: who a peer
 * is shows only when it has proved it. Thread-safe.
 */
public final class Protections {
    /** The reason of connections that are kept; equal to no text of the application's. */
    public static final Object KEPT = new Object();

    /** As many as a quarter of the sockets that are upgraded at once. */
    private static final int SOCKETS_TO_LOOK_AT = 16;

    private final ConnectionLimits limits;
    private final Map<PeerId, Set<Object>> tags = new HashMap<>();

    /** Nobody is protected, on a host with these limits. */
    public Protections(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Protects a peer for one more reason. */
    public synchronized void protect(PeerId peer, Object tag) {
        Objects.requireNonNull(tag);
        tags.computeIfAbsent(Objects.requireNonNull(peer), first -> new HashSet<>())
                .add(tag);
        limits.overbook(SOCKETS_TO_LOOK_AT);
    }

    /** One reason fewer; whether it was one. */
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
