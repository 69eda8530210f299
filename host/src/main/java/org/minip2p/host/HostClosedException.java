package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;

/** An operation failed because its host is closed or closing. */
public final class HostClosedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public HostClosedException() {
        super("the host is closed or closing: expected a host that runs");
    }
}
