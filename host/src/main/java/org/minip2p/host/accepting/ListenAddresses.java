package org.minip2p.host.accepting;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says under which addresses a bound socket can be dialed: a wildcard stands for those of all interfaces (CON-43). */
final class ListenAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(ListenAddresses.class);

    private ListenAddresses() {}

    static List<Multiaddr> of(InetSocketAddress bound, PeerId self) {
        InetAddress ip = bound.getAddress();
        Stream<InetAddress> addresses = ip.isAnyLocalAddress() ? interfaces(ip instanceof Inet4Address) : Stream.of(ip);
        return addresses
                .map(address -> Multiaddr.ofTcp(new InetSocketAddress(address, bound.getPort()))
                        .withPeerId(self))
                .distinct()
                .toList();
    }

    /** Whether who connects to this address comes to the bound socket. */
    static boolean include(InetSocketAddress bound, InetSocketAddress address) {
        if (bound.getPort() != address.getPort()) {
            return false;
        }
        InetAddress ip = address.getAddress();
        return bound.getAddress().isAnyLocalAddress()
                ? isOwn(ip)
                : bound.getAddress().equals(ip);
    }

    private static boolean isOwn(InetAddress ip) {
        try {
            return ip.isLoopbackAddress() || ip.isAnyLocalAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static Stream<InetAddress> interfaces(boolean ip4) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(ListenAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .filter(address -> ip4 ? address instanceof Inet4Address : address instanceof Inet6Address)
                    .map(ListenAddresses::withoutZone);
        } catch (SocketException e) {
            LOG.warn("cannot list the interfaces error={}", e.getMessage());
            return Stream.empty();
        }
    }

    /** The name of an interface of ours means nothing to a peer. */
    private static InetAddress withoutZone(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static boolean isUp(NetworkInterface candidate) {
        try {
            return candidate.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
