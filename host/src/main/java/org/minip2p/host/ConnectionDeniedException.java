package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** A connection was not let in, or a dial not let out: a limit was reached, or the gater said no. */
public final class ConnectionDeniedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean isNotNeeded;

    /**
     * An error.
     *
     * @param message the limit, or who refused what
     */
    public ConnectionDeniedException(String message) {
        this(message, false);
    }

    private ConnectionDeniedException(String message, boolean isNotNeeded) {
        super(message);
        this.isNotNeeded = isNotNeeded;
    }

    /**
     * Nobody said no: the socket was one of several of a dial that was over.
     *
     * @param message why
     */
    public static ConnectionDeniedException notNeeded(String message) {
        return new ConnectionDeniedException(message, true);
    }

    /** Whether nobody said no, but the connection was not needed any more. */
    public boolean isNotNeeded() {
        return isNotNeeded;
    }
}
