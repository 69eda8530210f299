package org.minip2p.attacks.hostile;

import org.minip2p.attacks.hostile.Description.Application;

/** Endless exchanges of node info, each with different info, for a slow listener. */
final class NodeInfoExchanges implements Attack {
    private static final int PEERS = 8;

    @Override
    public Description description() {
        return Description.of(
                        "node-info-exchanges",
                        "SEC-71 SEC-H3",
                        PEERS
                                + " peers tell other node info of 300 bytes with each exchange, eight at a time, to a listener that takes "
                                + "10 ms for each event")
                .striking(1_000)
                .against(Application.SLOW_LISTENER)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        NodeInfoFlood.run(field, PEERS, thread -> Identity.create());
    }
}
