package org.minip2p.host.dialing;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.HostObservation;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.observing.DialMeter;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.DnsaddrResolver;
import org.minip2p.transport.Transport;
import org.minip2p.transport.UnsupportedAddressException;

/** Resolves addresses and opens the sockets of dials. Thread-safe. */
public final class DialSockets {
    private final AddressResolver resolver;
    private final DnsaddrResolver dnsaddrs;
    private final DialPermit permit;
    private final Transport transport;
    private final UpgradeStages stages;

    /**
     * For one host.
     *
     * @param resolver resolves addresses
     * @param dnsaddrs resolves {@code /dnsaddr}
     * @param permit checks each socket
     * @param transport makes the sockets
     * @param stages the stages of an upgrade
     */
    public DialSockets(
            AddressResolver resolver,
            DnsaddrResolver dnsaddrs,
            DialPermit permit,
            Transport transport,
            UpgradeStages stages) {
        this.resolver = resolver;
        this.dnsaddrs = dnsaddrs;
        this.permit = permit;
        this.transport = transport;
        this.stages = stages;
    }

    CompletableFuture<List<InetSocketAddress>> resolve(Multiaddr address) {
        return resolver.resolve(address);
    }

    /** One look-up of a {@code /dnsaddr}. */
    CompletableFuture<List<Multiaddr>> expand(Multiaddr dnsaddr) {
        return dnsaddrs.resolve(dnsaddr);
    }

    /**
     * Opens a socket and upgrades it; returns null while too many others are being dialed.
     *
     * @param peer the expected peer; null for any peer
     * @param candidate the address
     * @param outcome receives the result, on the socket's event loop or the thread of the caller
     * @throws UnsupportedAddressException when it is not the address of a machine
     * @throws ConnectionDeniedException when it may not be dialed
     */
    @Nullable DialAttempt open(@Nullable PeerId peer, Candidate candidate, DialAttempt.Outcome outcome)
            throws UnsupportedAddressException, ConnectionDeniedException {
        ConnectionLimits.Place place = permitted(candidate);
        if (place == null) {
            return null;
        }
        DialAttempt attempt = new DialAttempt(candidate, place, outcome);
        try {
            attempt.start(transport, stages, peer);
        } catch (Throwable e) {
            place.release();
            throw e;
        }
        return attempt;
    }

    private ConnectionLimits.@Nullable Place permitted(Candidate candidate)
            throws UnsupportedAddressException, ConnectionDeniedException {
        try {
            return permit.take(candidate.address(), candidate.remote());
        } catch (Throwable e) {
            stages.meter().socketFailed(Role.INITIATOR, HostObservation.Stage.PERMITTING, candidate.remote(), e);
            throw e;
        }
    }

    /** Measures a dial that begins now; null without observers and recordings. */
    @Nullable DialMeter measureDial(@Nullable PeerId peer) {
        return stages.meter().dial(peer);
    }
}
