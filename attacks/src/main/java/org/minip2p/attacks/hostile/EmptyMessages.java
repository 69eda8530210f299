package org.minip2p.attacks.hostile;

/** Endless Noise transport messages without content. */
final class EmptyMessages implements Attack {
    private static final int PEERS = 4;
    private static final byte[] NOTHING = {};

    @Override
    public Description description() {
        return Description.of(
                        "empty-messages",
                        "SEC-29",
                        PEERS + " peers send encrypted messages of no bytes without a pause")
                .striking(1_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                while (!field.isOver() && !peer.hasEnded()) {
                    peer.send(NOTHING);
                    field.tally().struck(1);
                }
            }
        });
    }
}
