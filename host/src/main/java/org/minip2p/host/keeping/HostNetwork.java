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
 * The host's operations for kept peers.
 *
 * @param table the connections
 * @param dialer makes them
 * @param protections protects them
 * @param events delivers their events
 * @param peerExecutor where dials complete
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
