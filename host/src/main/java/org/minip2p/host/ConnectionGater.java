package org.minip2p.host;

import java.net.SocketAddress;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;

/** Decides which connections are made. It is called on the host's threads and must not block. An exception counts as a refusal. */
public interface ConnectionGater {
    /**
     * {@return whether to keep an accepted socket; called before a byte of it is read}
     *
     * @param remoteAddress where the socket comes from
     */
    default boolean mayAccept(SocketAddress remoteAddress) {
        return true;
    }

    /**
     * {@return whether an address may be dialed}
     *
     * @param address the address
     */
    default boolean mayDial(Multiaddr address) {
        return true;
    }

    /**
     * {@return whether to keep a connection, now that its peer's identity is proved}
     *
     * @param peer the peer
     * @param remoteAddress the peer's address
     * @param role {@link Role#INITIATOR} when this side dialed
     */
    default boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
        return true;
    }
}
