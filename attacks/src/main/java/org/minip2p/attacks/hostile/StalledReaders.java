package org.minip2p.attacks.hostile;

/** Peers that request huge downloads and then read nothing at all. */
final class StalledReaders implements Attack {
    private static final int PEERS = 64;
    private static final int STREAMS = 8;
    private static final int RECEIVE_BUFFER = 4 * 1024;
    private static final long CREDIT = 8L << 20;

    @Override
    public Description description() {
        return Description.of(
                        "stalled-readers",
                        "SEC-50 SEC-52 SEC-65 SEC-70 SEC-H5",
                        PEERS + " peers ask perf for 2^62 bytes on " + STREAMS
                                + " streams each, give 8 MiB of credit for each and read nothing")
                .striking(PEERS * STREAMS)
                .lasting(15)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] request = Frames.join(Frames.proposal("/perf/1.0.0"), new byte[] {0x40, 0, 0, 0, 0, 0, 0, 0});
        field.strike(PEERS, thread -> {
            try (Wire wire = field.secure(Battlefield.address(thread), Identity.create(), RECEIVE_BUFFER)) {
                for (int i = 0; i < STREAMS; i++) {
                    wire.send(Frames.join(
                            Frames.data(Frames.SYN, 2L * i + 1, request),
                            Frames.window(Frames.FIN, 2L * i + 1, CREDIT)));
                    field.tally().struck(1);
                }
                while (!field.isOver()) {
                    field.pause(1_000);
                    wire.send(Frames.ping(Frames.SYN, 1)); // fails when the victim has closed the connection
                }
            }
        });
    }
}
