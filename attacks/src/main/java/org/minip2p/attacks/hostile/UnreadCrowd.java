package org.minip2p.attacks.hostile;

/**
 * Many peers that each leave a little data unread, so that together they use all memory for it. An honest upload beside them must not
 * suffer.
 */
final class UnreadCrowd implements Attack {
    private static final int PEERS = 96;
    private static final int STREAMS = 4;
    private static final int CHUNK = 32 * 1024;

    @Override
    public Description description() {
        return Description.of(
                        "unread-crowd",
                        "SEC-50 SEC-69 SEC-H7",
                        PEERS + " peers have as much wait unread and unsent on " + STREAMS
                                + " streams of echo each as the windows let them")
                .striking(1_000)
                .lasting(15)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/echo/1.0.0");
        field.strike(PEERS, thread -> {
            // Nothing is read, so not even the data that fits into the initial credit leaves the victim.
            try (Wire wire = field.secure(Battlefield.address(thread), Identity.create(), 4 * 1024)) {
                for (int i = 0; i < STREAMS; i++) {
                    wire.send(Frames.data(Frames.SYN, 2L * i + 1, proposal));
                }
                for (int k = 0; k < Frames.WINDOW_BYTES / CHUNK - 1; k++) {
                    for (int i = 0; i < STREAMS; i++) {
                        wire.send(Frames.data(0, 2L * i + 1, new byte[CHUNK]));
                        field.tally().struck(1);
                    }
                }
                while (!field.isOver()) {
                    field.pause(500);
                    wire.send(Frames.ping(Frames.SYN, 1)); // fails when the victim has closed the connection
                }
            }
        });
    }
}
