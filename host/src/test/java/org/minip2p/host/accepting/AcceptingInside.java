package org.minip2p.host.accepting;

import org.minip2p.host.limits.ConnectionLimits;

/** Looks at what a test of a whole host wants to see of the sockets. */
public final class AcceptingInside {
    private AcceptingInside() {}

    /** Where the sockets are counted. */
    public static ConnectionLimits limits(Listeners listeners) {
        return listeners.acceptor.limits;
    }
}
