package org.minip2p.attacks.hostile;

/** One peer that opens connections from many addresses. */
final class OnePeer implements Attack {
    private static final int CONNECTIONS = 50;

    @Override
    public Description description() {
        return Description.of(
                        "one-peer",
                        "SEC-5 SEC-G4",
                        "one peer keeps " + CONNECTIONS
                                + " connections from as many addresses, and replaces closed ones")
                .striking(CONNECTIONS);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        Identity identity = Identity.create();
        field.strike(CONNECTIONS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread), identity, Peer.FrameListener.NONE)) {
                field.tally().struck(1);
                field.waitForEnd(peer);
            }
            field.pause(100);
        });
    }
}
