package org.minip2p.attacks.hostile;

import java.util.Map;

/** Established connections from many addresses of one IPv6 site, which try to take all slots. */
final class SiteCrowd implements Attack {
    private static final int CONNECTIONS = 600;
    private static final int THREADS = 16;

    /** Lifted: a host without a limit for a site, and with fewer connections, so that the crowd fills it sooner. */
    @Override
    public Description description() {
        return Description.of(
                        "site-crowd",
                        "SEC-2 SEC-H4",
                        CONNECTIONS + " peers of one IPv6 site, as many addresses as it takes, connect and stay")
                .striking(300)
                .lasting(30)
                .lifted(Map.of(
                        "maxConnections",
                        "64",
                        "maxConnectionsPerIpv6Site",
                        "100000",
                        "maxConnectionsPerIp",
                        "100000"));
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.crowd(THREADS, CONNECTIONS, number -> Battlefield.ofSite(1, number));
    }
}
