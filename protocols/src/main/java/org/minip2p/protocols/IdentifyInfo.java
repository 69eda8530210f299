package org.minip2p.protocols;

import java.util.List;
import java.util.Optional;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;

/**
 * The identify data of a peer. Only the key is proved; everything else is the peer's claim, and {@code observedAddress} is a hint
 * (IDN-15).
 *
 * @param publicKey the peer's key, as the connection's handshake proved it
 * @param listenAddresses the addresses on which it claims to listen; unreadable ones, and those that name another peer, are left
 *     out
 * @param protocols the protocols that it claims to support; texts that are not protocol ids are left out. Escape them before you
 *     show them
 * @param observedAddress the address at which it claims to see us
 * @param protocolVersion free text, cut and escaped; empty when not given
 * @param agentVersion name and version of its software, cut and escaped; empty when not given
 */
public record IdentifyInfo(
        PublicKey publicKey,
        List<Multiaddr> listenAddresses,
        List<ProtocolId> protocols,
        Optional<Multiaddr> observedAddress,
        String protocolVersion,
        String agentVersion) {
    /**
     * Copies the lists.
     *
     * @param publicKey the peer's key, as the connection's handshake proved it
     * @param listenAddresses the addresses on which it claims to listen; unreadable ones, and those that name another peer, are left out
     * @param protocols the protocols that it claims to support; texts that are not protocol ids are left out. Escape them before you show
     *     them
     * @param observedAddress the address at which it claims to see us
     * @param protocolVersion free text, cut and escaped; empty when not given
     * @param agentVersion name and version of its software, cut and escaped; empty when not given
     */
    public IdentifyInfo {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
    }
}
