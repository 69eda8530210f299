package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;

/** The {@link AddressBook} has no address of the peer to dial. */
public final class NoKnownAddressException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception for a peer without an address.
     *
     * @param peer the peer
     */
    public NoKnownAddressException(PeerId peer) {
        super("dial " + peer + ": expected an address in the address book, got none");
    }
}
