package org.minip2p.protocols;

import java.util.random.RandomGenerator;
import org.minip2p.host.Host;

/** Ping with the random bytes of a seed. In this package, since no application may choose them. */
public final class SimulatedPing {
    private SimulatedPing() {}

    /** As {@link Ping#install(Host)}. */
    public static Ping install(Host host, RandomGenerator random) {
        return Ping.install(host, PingTimes.DEFAULT, random);
    }
}
