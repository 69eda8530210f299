package org.minip2p.transport;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A host name has no address of the requested family, or no answer arrived in time. */
public final class NameNotResolvedException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    NameNotResolvedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
