package org.minip2p.host;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A socket did not become a connection: it was not ready in time, or it ended before. */
public final class UpgradeFailedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean isTimeout;

    /**
     * Creates the exception.
     *
     * @param message what was expected, and the stage that was reached
     * @param cause what went wrong below, if anything
     */
    public UpgradeFailedException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private UpgradeFailedException(String message, @Nullable Throwable cause, boolean isTimeout) {
        super(message, cause);
        this.isTimeout = isTimeout;
    }

    /**
     * It took too long.
     *
     * @param message how long it took, and the stage that was reached
     * @return the exception
     */
    public static UpgradeFailedException timedOut(String message) {
        return new UpgradeFailedException(message, null, true);
    }

    /** {@return whether it was not ready in time; otherwise it ended before} */
    public boolean isTimeout() {
        return isTimeout;
    }
}
