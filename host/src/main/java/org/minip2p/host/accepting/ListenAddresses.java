package org.minip2p.host.accepting;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * The addresses at which a bound socket can be dialed: a wildcard stands for the addresses of all interfaces (CON-43).
 */
final class ListenAddresses {
    private ListenAddresses() {}

    /**
     * Where others can dial a socket.
     *
     * @param bound where it is bound
     * @param interfaces the addresses of this machine
     * @param self the listening peer
     */
    static List<Multiaddr> of(InetSocketAddress bound, Set<InetAddress> interfaces, PeerId self) {
        InetAddress ip = bound.getAddress();
        Stream<InetAddress> addresses = ip.isAnyLocalAddress()
                ? interfaces.stream()
                        .filter(address -> !address.isLinkLocalAddress() && !address.isAnyLocalAddress())
                        .filter(address -> address instanceof Inet4Address == ip instanceof Inet4Address)
                : Stream.of(ip);
        return addresses
                .map(address -> Multiaddr.ofTcp(new InetSocketAddress(address, bound.getPort()))
                        .withPeerId(self))
                .distinct()
                .toList();
    }

    /**
     * Whether a connection to this address reaches the bound socket.
     *
     * @param interfaces the addresses of this machine
     */
    static boolean include(InetSocketAddress bound, Set<InetAddress> interfaces, InetSocketAddress address) {
        if (bound.getPort() != address.getPort()) {
            return false;
        }
        InetAddress ip = address.getAddress();
        return bound.getAddress().isAnyLocalAddress()
                ? ip.isLoopbackAddress() || ip.isAnyLocalAddress() || interfaces.contains(Interfaces.withoutZone(ip))
                : bound.getAddress().equals(ip);
    }
}
