package org.minip2p.host;

import java.io.Serial;
import java.time.Duration;
import org.minip2p.core.Libp2pException;

/** A stream could not be opened in time. */
public final class StreamOpenTimeoutException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /**
     * Creates the exception.
     *
     * @param message what the opening waited for
     * @param timeout how long it waited
     */
    public StreamOpenTimeoutException(String message, Duration timeout) {
        super(message);
        this.timeout = timeout;
    }

    /** {@return how long the opening waited} */
    public Duration timeout() {
        return timeout;
    }
}
