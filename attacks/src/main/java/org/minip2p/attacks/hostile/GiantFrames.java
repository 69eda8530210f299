package org.minip2p.attacks.hostile;

/** Frames as large as a window, whose bodies arrive slowly. */
final class GiantFrames implements Attack {
    private static final int PEERS = 16;
    private static final int STREAMS = 32;
    private static final int PIECE = 1_024;

    @Override
    public Description description() {
        return Description.of(
                        "giant-frames",
                        "SEC-48 SEC-50",
                        PEERS + " peers promise bodies of 255 KiB on one stream after the other, and send a KiB a time")
                .striking(1_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        int body = Frames.WINDOW_BYTES - PIECE;
        byte[] proposal = Frames.proposal("/perf/1.0.0");
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (int i = 0; i < STREAMS && !field.isOver(); i++) {
                    long stream = 2L * i + 1;
                    peer.send(Frames.data(Frames.SYN, stream, proposal));
                    peer.send(Frames.frame(Frames.DATA, 0, stream, body, new byte[PIECE]));
                    for (int sent = PIECE; sent < body && !field.isOver(); sent += PIECE) {
                        peer.send(new byte[PIECE]);
                        field.tally().struck(1);
                    }
                }
            }
        });
    }
}
