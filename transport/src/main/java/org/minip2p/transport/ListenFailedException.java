package org.minip2p.transport;

import java.io.Serial;
import java.nio.channels.UnsupportedAddressTypeException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.Printable;

/** An address cannot be listened on: the port is in use, the address is not this machine's, or it may not be bound. */
public final class ListenFailedException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * A bind that failed.
     *
     * @param address the address asked for
     * @param cause what the operating system said
     */
    public ListenFailedException(Multiaddr address, Throwable cause) {
        super("listen on " + address + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        return cause instanceof UnsupportedAddressTypeException
                ? "this machine has no addresses of that family"
                : Printable.message(cause);
    }
}
