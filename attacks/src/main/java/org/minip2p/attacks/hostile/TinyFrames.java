package org.minip2p.attacks.hostile;

/** Data frames with one byte or none. */
final class TinyFrames implements Attack {
    private static final int PEERS = 2;
    private static final int BATCH = 2_000;

    @Override
    public Description description() {
        return Description.of(
                        "tiny-frames",
                        "SEC-55 SEC-75",
                        PEERS + " peers echo bytes one a frame, in as large messages as there are, " + PEERS
                                + " others send frames with nothing in them")
                .striking(10_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] open = Frames.data(Frames.SYN, 1, Frames.proposal("/perf/1.0.0"));
        // An upload to perf is read at once, and needs no answer before its end.
        byte[] bytes = Frames.repeat(Frames.data(0, 1, new byte[1]), BATCH);
        byte[] nothing = Frames.repeat(Frames.data(0, 1, new byte[0]), BATCH);
        field.strike(2 * PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                peer.send(open);
                while (!field.isOver() && !peer.hasEnded()) {
                    peer.send(thread < PEERS ? bytes : nothing);
                    field.tally().struck(BATCH);
                    field.pause(5);
                }
            }
        });
    }
}
