package org.minip2p.host;

import org.minip2p.core.PeerId;

/**
 * The addresses that a host remembers as failed. It is in this package because no application needs it. Confined to the one thread of a
 * simulation.
 */
public final class SimulatedHost {
    private SimulatedHost() {}

    /** The number of addresses that the host remembers as failed. */
    public static int resting(Host host) {
        return host.parts.dialer.resting();
    }

    /** The number of those addresses that belong to one peer. */
    public static int resting(Host host, PeerId peer) {
        return host.parts.dialer.resting(peer);
    }
}
