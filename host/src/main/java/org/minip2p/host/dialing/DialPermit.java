package org.minip2p.host.dialing;

import java.net.InetSocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.UnsupportedAddressException;

/** Checks whether a socket may be dialed: the gater, the host's own addresses, the limits. Thread-safe. */
public final class DialPermit {
    private final ConnectionGater gater;
    private final Predicate<InetSocketAddress> own;
    private final ConnectionLimits limits;

    /**
     * For one host.
     *
     * @param gater asked last, once for each slot: not repeatedly while a dial waits for one
     * @param own whether the host itself listens on an address
     * @param limits the slots
     */
    public DialPermit(ConnectionGater gater, Predicate<InetSocketAddress> own, ConnectionLimits limits) {
        this.gater = gater;
        this.own = own;
        this.limits = limits;
    }

    /**
     * A slot for one socket; null while too many others are being dialed.
     *
     * @throws UnsupportedAddressException when it is not the address of a machine, even if a name led to it
     * @throws ConnectionDeniedException when it may not be dialed
     */
    ConnectionLimits.@Nullable Place take(Multiaddr address, InetSocketAddress socket)
            throws UnsupportedAddressException, ConnectionDeniedException {
        UnsupportedAddressException undialable =
                AddressResolver.undialable(address, socket).orElse(null);
        if (undialable != null) {
            throw undialable;
        }
        if (own.test(socket)) {
            // For any expected peer, since addresses of other peers come from untrusted sources.
            throw new ConnectionDeniedException("this host itself listens on " + address);
        }
        ConnectionLimits.Place place = limits.dial(socket);
        if (place != null && !gater.mayDial(address)) {
            place.release();
            throw new ConnectionDeniedException("the gater refused to dial " + address);
        }
        return place;
    }
}
