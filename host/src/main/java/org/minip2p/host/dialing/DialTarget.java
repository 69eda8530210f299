package org.minip2p.host.dialing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * Who is dialed, and where. Immutable.
 *
 * @param peer who must be there; null for whoever is
 * @param addresses where; only so many different ones are kept
 */
record DialTarget(@Nullable PeerId peer, List<Multiaddr> addresses) {
    static final int MAX_ADDRESSES = 32;

    DialTarget {
        addresses = addresses.stream().distinct().limit(MAX_ADDRESSES).toList();
    }

    @Override
    public String toString() {
        return peer != null ? peer.toString() : addresses.toString();
    }
}
