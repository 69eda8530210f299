package org.minip2p.transport;

import java.io.Serial;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;

/** A valid multiaddr that is not a plain TCP address, so this transport cannot dial it or listen on it. */
public final class UnsupportedAddressException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Components that only qualify the one before them. */
    private static final Set<MultiaddrProtocol> DETAILS = EnumSet.of(
            MultiaddrProtocol.P2P, MultiaddrProtocol.CERTHASH, MultiaddrProtocol.SNI, MultiaddrProtocol.HTTP_PATH);

    /**
     * Creates the exception.
     *
     * @param address the given address
     * @param expected a description of supported addresses
     */
    public UnsupportedAddressException(Multiaddr address, String expected) {
        super("unsupported address " + address + ": " + kind(address) + "expected " + expected, null);
    }

    /** Describes the address by the component that decides how to connect. */
    private static String kind(Multiaddr address) {
        if (address.tcp().isPresent()) {
            return "";
        }
        List<MultiaddrProtocol> protocols = new ArrayList<>();
        address.components().forEach(component -> protocols.add(component.protocol()));
        if (protocols.contains(MultiaddrProtocol.P2P_CIRCUIT)) {
            return "it leads through a relay (p2p-circuit); ";
        }
        protocols.removeAll(DETAILS);
        return protocols.isEmpty() ? "" : "it ends in " + protocols.get(protocols.size() - 1) + "; ";
    }
}
