package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** Something was asked of a connection that is closed or about to be. */
public final class ConnectionClosedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An error.
     *
     * @param message which connection it is
     */
    public ConnectionClosedException(String message) {
        super(message);
    }
}
