package org.minip2p.attacks.hostile;

/** Zeros in place of a negotiation: on sockets, and as the first byte of streams. */
final class Zeros implements Attack {
    private static final int PEERS = 4;
    private static final int BATCH = 500;
    private static final int ZEROS = 64 * 1024;

    @Override
    public Description description() {
        return Description.of(
                        "zeros",
                        "SEC-8 SEC-9 SEC-39 SEC-H10",
                        PEERS + " peers open streams that begin with a zero, as many addresses send zeros on sockets")
                .striking(10_000)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        Thread sockets = field.beside(PEERS, thread -> {
            try (Wire wire = field.connect(Battlefield.address(100 + thread))) {
                while (!field.isOver()) {
                    wire.raw(new byte[ZEROS]);
                    field.tally().struck(1);
                }
            }
        });
        field.stream(PEERS, BATCH, stream -> Frames.data(Frames.SYN, stream, new byte[1]));
        sockets.join();
    }
}
