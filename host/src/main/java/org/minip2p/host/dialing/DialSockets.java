package org.minip2p.host.dialing;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.TcpTransport;
import org.minip2p.transport.UnsupportedAddressException;

/** From an address to sockets that become connections. Thread-safe. */
public final class DialSockets {
    private final AddressResolver resolver;
    private final DialPermit permit;
    private final TcpTransport transport;
    private final UpgradeStages stages;

    /**
     * For one host.
     *
     * @param resolver finds out what an address stands for
     * @param permit asked about each socket
     * @param transport makes the sockets
     * @param stages of which each upgrade consists
     */
    public DialSockets(AddressResolver resolver, DialPermit permit, TcpTransport transport, UpgradeStages stages) {
        this.resolver = resolver;
        this.permit = permit;
        this.transport = transport;
        this.stages = stages;
    }

    CompletableFuture<List<InetSocketAddress>> resolve(Multiaddr address) {
        return resolver.resolve(address);
    }

    /**
     * Opens a socket and upgrades it; returns null while too many others are being dialed.
     *
     * @param peer who must be there; null for whoever is
     * @param address where, as the caller named it
     * @param remote where
     * @param outcome told what becomes of it, on the socket's event loop or the thread of the caller
     * @throws UnsupportedAddressException when it is no address of a machine
     * @throws ConnectionDeniedException when it may not be dialed
     */
    @Nullable DialAttempt open(@Nullable PeerId peer, Multiaddr address, InetSocketAddress remote, DialAttempt.Outcome outcome)
            throws UnsupportedAddressException, ConnectionDeniedException {
        ConnectionLimits.Place place = permit.take(address, remote);
        if (place == null) {
            return null;
        }
        DialAttempt attempt = new DialAttempt(address, remote, place, outcome);
        try {
            attempt.start(transport, stages, peer);
        } catch (Throwable e) {
            place.release();
            throw e;
        }
        return attempt;
    }
}
