package org.minip2p.attacks.hostile;

/** Yamux pings from a peer that does not read the answers. */
final class UnreadPongs implements Attack {
    private static final int PEERS = 8;
    private static final int BATCH = 1_000;
    private static final int RECEIVE_BUFFER = 4 * 1024;

    @Override
    public Description description() {
        return Description.of(
                        "unread-pongs",
                        "SEC-32 SEC-40 SEC-52",
                        PEERS + " peers send pings of the muxer without a pause, and read nothing")
                .striking(10_000)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] pings = Frames.repeat(Frames.ping(Frames.SYN, 7), BATCH);
        field.strike(PEERS, thread -> {
            try (Wire wire = field.secure(Battlefield.address(thread), Identity.create(), RECEIVE_BUFFER)) {
                while (!field.isOver()) {
                    wire.send(pings);
                    field.tally().struck(BATCH);
                }
            }
        });
    }
}
