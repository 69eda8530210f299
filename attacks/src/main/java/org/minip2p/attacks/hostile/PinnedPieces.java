package org.minip2p.attacks.hostile;

/** Small pieces that stay unread. Each is read together with much data that is thrown away, so that each keeps a large buffer alive. */
final class PinnedPieces implements Attack {
    private static final int PEERS = 4;
    private static final int PIECES = 700;
    private static final int PIECE = 256;
    private static final int FILLER = 65_000;
    private static final int BIG = 32 * 1024;
    private static final long NOBODYS = 999_999;

    @Override
    public Description description() {
        return Description.of(
                        "pinned-pieces",
                        "SEC-69 SEC-74 SEC-H1",
                        PEERS + " peers use up their credit with pings, then have " + PIECE
                                + "-byte pieces wait unread between fillers of " + FILLER + " bytes")
                .striking(500)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] filler = Frames.data(0, NOBODYS, new byte[FILLER]);
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (long stream = 1; stream <= 3; stream += 2) {
                    peer.send(Frames.data(Frames.SYN, stream, Frames.proposal("/ipfs/ping/1.0.0")));
                    field.pause(100);
                    // Seven fit into the initial credit, and two more into the credit that is returned.
                    for (int i = 0; i < 9; i++) {
                        peer.send(Frames.data(0, stream, new byte[BIG - 64]));
                        field.pause(i == 6 ? 150 : 5);
                    }
                }
                for (int i = 0; i < PIECES && !field.isOver() && !peer.hasEnded(); i++) {
                    for (long stream = 1; stream <= 3; stream += 2) {
                        peer.send(Frames.data(0, stream, new byte[PIECE]));
                        peer.send(filler);
                        field.tally().struck(1);
                    }
                }
                field.waitForEnd(peer);
            }
        });
    }
}
