package org.minip2p.protocols;

import java.util.random.RandomGenerator;
import org.minip2p.host.Host;

/** Ping with random bytes from a seed. It is in this package because applications must not choose them. */
public final class SimulatedPing {
    private SimulatedPing() {}

    /** Like {@link Ping#install(Host)}. */
    public static Ping install(Host host, RandomGenerator random) {
        return Ping.install(host, PingTimes.DEFAULT, random);
    }
}
