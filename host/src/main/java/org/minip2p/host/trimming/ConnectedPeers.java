package org.minip2p.host.trimming;

import java.util.List;
import java.util.Set;
import org.minip2p.core.PeerId;
import org.minip2p.host.connections.EstablishedConnection;

/** The connected peers. Peer executor. */
public interface ConnectedPeers {
    /** All peers with a connection, including those whose connections are all closing. */
    Set<PeerId> peers();

    /** The connections to a peer that are not closing, the one that new streams use first. */
    List<EstablishedConnection> open(PeerId peer);
}
