package org.minip2p.attacks.hostile;

/** Peers that give credit byte by byte, so that the answers that they asked for hardly ever leave the victim. */
final class CreditDrip implements Attack {
    private static final int PEERS = 16;
    private static final int STREAMS = 128;

    @Override
    public Description description() {
        return Description.of(
                        "credit-drip",
                        "SEC-52 SEC-H12",
                        PEERS + " peers ask perf for 900 kB on " + STREAMS
                                + " streams each, and give a byte of credit for each stream a second")
                .striking(PEERS * STREAMS)
                .lasting(20);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] request =
                Frames.join(Frames.proposal("/perf/1.0.0"), new byte[] {0, 0, 0, 0, 0, 0x0d, (byte) 0xbb, (byte) 0xa0});
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (int i = 0; i < STREAMS; i++) {
                    peer.send(Frames.data(Frames.SYN | Frames.FIN, 2L * i + 1, request));
                    field.tally().struck(1);
                    field.pause(i % 16 == 15 ? 50 : 0);
                }
                while (!field.isOver() && !peer.hasEnded()) {
                    field.pause(1_000);
                    for (int i = 0; i < STREAMS; i++) {
                        peer.send(Frames.window(0, 2L * i + 1, 1));
                    }
                }
            }
        });
    }
}
