package org.minip2p.protocols;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * The current identify data of a host. Built again only after a change: a host may have hundreds of addresses, and every connection
 * asks. Thread-safe.
 */
final class CurrentIdentity {
    /** The last result and its input: the host returns the same list of addresses as long as they do not change. */
    private record Made(List<Multiaddr> addresses, List<ProtocolId> protocols, OwnIdentity identity) {}

    private final Host host;
    private final String agentVersion;
    private volatile @Nullable Made made;

    CurrentIdentity(Host host, String agentVersion) {
        this.host = host;
        this.agentVersion = agentVersion;
    }

    OwnIdentity get() {
        List<Multiaddr> addresses = host.addresses();
        List<ProtocolId> protocols = host.protocols();
        Made last = made;
        if (last == null || last.addresses != addresses || !last.protocols.equals(protocols)) {
            last = new Made(
                    addresses, protocols, new OwnIdentity(host.publicKey(), addresses, protocols, agentVersion));
            made = last;
        }
        return last.identity;
    }

    /** The message for the peer of a connection, with only the addresses that it may be told. */
    IdentifyMessage messageTo(Connection connection, OwnIdentity own) {
        return own.messageTo(connection.remoteAddress(), address -> host.mayTell(address, connection));
    }
}
