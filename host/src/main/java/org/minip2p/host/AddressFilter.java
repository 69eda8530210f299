package org.minip2p.host;

import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/** Decides which of a host's addresses a peer is told, by Identify or by any other protocol. */
@FunctionalInterface
public interface AddressFilter {
    /**
     * {@return whether a peer may be told} Called for each address and peer, on event loops and on the thread that decides on connections,
     * so it must not block. If it throws, the exception is logged, and the peer is not told.
     *
     * @param address one of {@link Host#addresses}, without the peer id at its end
     * @param peer who would be told
     * @param remoteAddress where that peer is, as this side sees it
     */
    boolean mayTell(Multiaddr address, PeerId peer, Multiaddr remoteAddress);
}
