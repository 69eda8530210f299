package org.minip2p.host.accepting;

import org.minip2p.host.limits.ConnectionLimits;

/** Gives tests of a whole host access to its sockets. */
public final class AcceptingInside {
    private AcceptingInside() {}

    /** The limits that count the sockets. */
    public static ConnectionLimits limits(Listeners listeners) {
        return listeners.acceptor.limits;
    }
}
