package org.minip2p.host;

import java.io.Serial;
import java.time.Duration;
import org.minip2p.core.Libp2pException;

/** A stream could not be opened in the time that was given for it. */
public final class StreamOpenTimeoutException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /**
     * An error.
     *
     * @param message what was waited for
     * @param timeout how long
     */
    public StreamOpenTimeoutException(String message, Duration timeout) {
        super(message);
        this.timeout = timeout;
    }

    /** How long it was waited for. */
    public Duration timeout() {
        return timeout;
    }
}
