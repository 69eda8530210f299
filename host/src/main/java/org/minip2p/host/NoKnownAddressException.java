package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;

/** A peer was to be dialed of which the {@link AddressBook} knows no address. */
public final class NoKnownAddressException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error: nobody has said where this peer is. */
    public NoKnownAddressException(PeerId peer) {
        super("dial " + peer + ": expected an address in the address book, got none");
    }
}
