package org.minip2p.transport;

import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.minip2p.core.Multiaddr;

/** The zones of this machine: its interfaces, each by its name or its number (RFC 4007, 11.2). */
final class Zones {
    private Zones() {}

    /**
     * The interface that a zone names.
     *
     * @param address the address with the zone, for the error
     * @throws UnknownZoneException when there is none, or the interfaces cannot be read
     */
    static NetworkInterface named(Multiaddr address, String zone) throws UnknownZoneException {
        try {
            NetworkInterface named = NetworkInterface.getByName(zone);
            if (named == null && isNumber(zone)) {
                named = NetworkInterface.getByIndex(Integer.parseInt(zone));
            }
            if (named == null || named.getIndex() <= 0) {
                throw new UnknownZoneException(address, zone, null);
            }
            return named;
        } catch (SocketException e) {
            throw new UnknownZoneException(address, zone, e);
        }
    }

    private static boolean isNumber(String zone) {
        return zone.length() <= 9 && zone.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** An address in a zone, which keeps the name of the interface if Java allows it. */
    static Inet6Address scoped(Inet6Address address, NetworkInterface zone) {
        byte[] bytes = address.getAddress();
        try {
            return Inet6Address.getByAddress(null, bytes, zone);
        } catch (UnknownHostException e) {
            return numbered(bytes, zone.getIndex()); // the interface has no address of this kind
        }
    }

    private static Inet6Address numbered(byte[] bytes, int index) {
        try {
            return Inet6Address.getByAddress(null, bytes, index);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv6 address has 16 bytes", e);
        }
    }
}
