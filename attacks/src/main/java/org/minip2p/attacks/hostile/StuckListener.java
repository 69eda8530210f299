package org.minip2p.attacks.hostile;

import org.minip2p.attacks.hostile.Description.Application;

/** Peers that exchange node info with a host whose listener never returns for any of them. */
final class StuckListener implements Attack {
    private static final int PEERS = 32;

    @Override
    public Description description() {
        return Description.of(
                        "stuck-listener",
                        "SEC-71 SEC-72",
                        PEERS
                                + " peers tell their node info to a host whose listener never returns for a peer but the first")
                .striking(PEERS)
                .against(Application.STUCK_LISTENER);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        NodeInfoFlood.run(field, PEERS, thread -> Identity.create());
    }
}
