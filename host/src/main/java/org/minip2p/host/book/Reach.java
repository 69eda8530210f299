package org.minip2p.host.book;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;

/** Distinguishes globally valid addresses from those that mean a different machine on a different network. */
final class Reach {
    private Reach() {}

    /** Whether it is private, loopback or link-local, as far as can be seen without a look-up. */
    static boolean isLocal(Multiaddr address) {
        Multiaddr.Component host = address.components().get(0);
        return switch (host.protocol()) {
            case IP4, IP6 -> isLocal(new InetSocketAddress(host.value(), 0).getAddress()); // canonical: no look-up
            case IP6ZONE -> true;
            case DNS, DNS4, DNS6, DNSADDR -> isLocalName(host.value());
            default -> false;
        };
    }

    /** A zone is the name of an interface of one machine. */
    static boolean hasZone(Multiaddr address) {
        return address.components().stream().anyMatch(part -> part.protocol() == MultiaddrProtocol.IP6ZONE);
    }

    private static boolean isLocal(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        boolean isIp4 = bytes.length == 4;
        boolean isShared = isIp4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        boolean isUniqueLocal = !isIp4 && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
        return ip.isLoopbackAddress()
                || ip.isLinkLocalAddress()
                || ip.isSiteLocalAddress()
                || isShared
                || isUniqueLocal;
    }

    private static boolean isLocalName(String name) {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return plain.equals("localhost") || plain.endsWith(".localhost") || plain.endsWith(".local");
    }
}
