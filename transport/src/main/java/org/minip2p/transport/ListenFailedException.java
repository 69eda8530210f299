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
     * Creates the exception.
     *
     * @param address the requested address
     * @param cause the error of the operating system
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
