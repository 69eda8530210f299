package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** A connection or a dial was refused: a limit was reached, or the gater refused it. */
public final class ConnectionDeniedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean isNotNeeded;

    /**
     * Creates the exception.
     *
     * @param message the limit, or which part refused what
     */
    public ConnectionDeniedException(String message) {
        this(message, false);
    }

    private ConnectionDeniedException(String message, boolean isNotNeeded) {
        super(message);
        this.isNotNeeded = isNotNeeded;
    }

    /**
     * The socket was no longer needed, because its dial had ended.
     *
     * @param message why
     * @return the exception
     */
    public static ConnectionDeniedException notNeeded(String message) {
        return new ConnectionDeniedException(message, true);
    }

    /** {@return whether the connection was not refused, but no longer needed} */
    public boolean isNotNeeded() {
        return isNotNeeded;
    }
}
