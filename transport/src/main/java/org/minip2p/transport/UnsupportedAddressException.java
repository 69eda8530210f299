package org.minip2p.transport;

import java.io.Serial;
import org.minip2p.core.Multiaddr;

/** A valid multiaddr that is no plain TCP address, so this transport cannot dial it or listen on it. */
public final class UnsupportedAddressException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An address of another kind.
     *
     * @param address what was given
     * @param expected what would do
     */
    public UnsupportedAddressException(Multiaddr address, String expected) {
        super("unsupported address " + address + ": expected " + expected, null);
    }
}
