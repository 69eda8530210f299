package org.minip2p.core;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.minip2p.core.Multiaddr.Component;

/**
 * The target of a plain TCP address: an address or a name, then a port, and nothing between or after them (MAD-29).
 *
 * @param host ip4, ip6, dns, dns4, dns6 or dnsaddr
 * @param zone the zone of a scoped ip6 host, such as {@code eth0}; empty for any other
 * @param port 0 to 65535; 0 listens on any free port
 */
public record TcpTarget(Component host, String zone, int port) {
    private static final Set<MultiaddrProtocol> HOSTS = EnumSet.of(
            MultiaddrProtocol.IP4,
            MultiaddrProtocol.IP6,
            MultiaddrProtocol.DNS,
            MultiaddrProtocol.DNS4,
            MultiaddrProtocol.DNS6,
            MultiaddrProtocol.DNSADDR);

    /**
     * Checks that it can be dialed or listened on.
     *
     * @throws IllegalArgumentException when the host is invalid, a zone is given for a host other than ip6, or the port is out of
     *     range
     * @param host ip4, ip6, dns, dns4, dns6 or dnsaddr
     * @param zone the zone of a scoped ip6 host, such as {@code eth0}; empty for any other
     * @param port 0 to 65535; 0 listens on any free port
     */
    public TcpTarget {
        if (!HOSTS.contains(host.protocol())) {
            throw new IllegalArgumentException("no host: " + host.protocol());
        }
        if (!zone.isEmpty() && host.protocol() != MultiaddrProtocol.IP6) {
            throw new IllegalArgumentException("only ip6 has a zone, not " + host.protocol());
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /** The target of an address without a peer id at its end. The zone may come before or after its ip6 (MAD-10). */
    static Optional<TcpTarget> of(List<Component> components) {
        if (components.size() == 2) {
            return of(components.get(0), "", components.get(1));
        }
        if (components.size() == 3) {
            Component first = components.get(0);
            Component second = components.get(1);
            if (first.protocol() == MultiaddrProtocol.IP6ZONE && second.protocol() == MultiaddrProtocol.IP6) {
                return of(second, first.value(), components.get(2));
            }
            if (first.protocol() == MultiaddrProtocol.IP6 && second.protocol() == MultiaddrProtocol.IP6ZONE) {
                return of(first, second.value(), components.get(2));
            }
        }
        return Optional.empty();
    }

    private static Optional<TcpTarget> of(Component host, String zone, Component tcp) {
        return HOSTS.contains(host.protocol()) && tcp.protocol() == MultiaddrProtocol.TCP
                ? Optional.of(new TcpTarget(host, zone, Integer.parseInt(tcp.value())))
                : Optional.empty();
    }
}
