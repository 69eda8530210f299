package org.minip2p.host;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A socket did not become a connection: it was not ready in time, or it ended before it was. */
public final class UpgradeFailedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An error.
     *
     * @param message what was expected, and how far it came
     * @param cause what went wrong below, if anything
     */
    public UpgradeFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
