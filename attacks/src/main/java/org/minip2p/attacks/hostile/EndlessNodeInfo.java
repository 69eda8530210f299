package org.minip2p.attacks.hostile;

/** Requests for node info whose bodies never end, or contain very deeply nested JSON. */
final class EndlessNodeInfo implements Attack {
    private static final int PEERS = 8;
    private static final int PIECE = 16 * 1024;

    @Override
    public Description description() {
        return Description.of(
                        "endless-node-info",
                        "SEC-63 SEC-64",
                        PEERS
                                + " peers send requests for node info without an end, and others with JSON of 30,000 brackets")
                .striking(100);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/ssv/info/0.0.1");
        field.strike(PEERS, thread -> {
            Identity identity = Identity.create();
            byte[] nested = Envelopes.of(identity.key(), "[".repeat(30_000));
            try (Peer peer = field.peer(Battlefield.address(thread), identity, Peer.FrameListener.NONE)) {
                peer.send(Frames.data(Frames.SYN | Frames.FIN, 1, Frames.join(proposal, nested)));
                field.tally().struck(1);
                for (long stream = 3; !field.isOver() && !peer.hasEnded(); stream += 2) {
                    peer.send(Frames.data(Frames.SYN, stream, proposal));
                    for (int i = 0; i < 12 && !peer.hasEnded(); i++) {
                        peer.send(Frames.data(0, stream, new byte[PIECE]));
                        field.tally().struck(1);
                        field.pause(5);
                    }
                }
            }
        });
    }
}
