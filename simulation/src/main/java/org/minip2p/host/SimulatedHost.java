package org.minip2p.host;

import org.minip2p.core.PeerId;

/** What a host remembers. In this package, since no application needs to know. For the one thread of a simulation. */
public final class SimulatedHost {
    private SimulatedHost() {}

    /** How many addresses it has failed to dial, and knows. */
    public static int resting(Host host) {
        return host.parts.dialer.resting();
    }

    /** How many of them are of one peer. */
    public static int resting(Host host, PeerId peer) {
        return host.parts.dialer.resting(peer);
    }
}
