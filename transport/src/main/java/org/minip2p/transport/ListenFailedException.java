package org.minip2p.transport;

import java.io.Serial;
import org.minip2p.core.Multiaddr;

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
        super("listen on " + address + ": " + cause.getMessage(), cause);
    }
}
