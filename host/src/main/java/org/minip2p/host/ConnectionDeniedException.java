package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** A connection was not let in, or a dial not let out: a limit was reached, or the gater said no. */
public final class ConnectionDeniedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An error.
     *
     * @param message the limit, or who refused what
     */
    public ConnectionDeniedException(String message) {
        super(message);
    }
}
