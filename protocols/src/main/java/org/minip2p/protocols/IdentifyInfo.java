package org.minip2p.protocols;

import java.util.List;
import java.util.Optional;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;

/**
 * What a peer says of itself. The key alone is proved; everything else is the peer's word, and {@code observedAddress} a hint (IDN-15).
 *
 * @param publicKey the peer's key, as the connection's handshake proved it
 * @param listenAddresses where it says that it listens; those that could not be read, or that name another peer, are left out
 * @param protocols what it says that it speaks; what is no protocol id is left out. To be escaped before it is shown
 * @param observedAddress where it says that it sees us
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
    /** Copies the lists. */
    public IdentifyInfo {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
    }
}
