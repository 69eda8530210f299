package org.minip2p.host.keeping;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.dialing.Dialer;
import org.minip2p.host.events.Events;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.host.trimming.Protections;

/**
 * What a host does for the peers that are kept.
 *
 * @param table where the connections are
 * @param dialer makes them
 * @param protections spares them
 * @param events tells of them
 * @param peerExecutor where dials are told
 */
public record HostNetwork(
        ConnectionTable table, Dialer dialer, Protections protections, Events events, EventExecutor peerExecutor)
        implements KeptPeers.Network {
    @Override
    public @Nullable Connection live(PeerId peer) {
        return table.canonical(peer).orElse(null);
    }

    @Override
    public CompletableFuture<Connection> dial(PeerId peer) {
        return dialer.connect(peer, peerExecutor);
    }

    @Override
    public void spare(PeerId peer, boolean spared) {
        if (spared) {
            protections.protect(peer, Protections.KEPT);
        } else {
            protections.unprotect(peer, Protections.KEPT);
        }
    }

    @Override
    public void tell(PeerId peer, Runnable task) {
        events.run(peer, task);
    }
}
