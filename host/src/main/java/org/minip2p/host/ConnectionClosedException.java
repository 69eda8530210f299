package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** An operation failed because its connection is closed or closing. */
public final class ConnectionClosedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which connection it is
     */
    public ConnectionClosedException(String message) {
        super(message);
    }
}
