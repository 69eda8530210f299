package org.minip2p.attacks.hostile;

/** Ping streams that send half a ping each, in ever larger numbers. */
final class PingStreams implements Attack {
    private static final int PEERS = 16;
    private static final int STREAMS = 64;

    @Override
    public Description description() {
        return Description.of(
                        "ping-streams",
                        "SEC-62",
                        PEERS + " peers keep " + STREAMS
                                + " streams of ping each, and send 16 bytes of a ping on each, again and again")
                .striking(2_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] open = Frames.join(Frames.proposal("/ipfs/ping/1.0.0"), new byte[16]);
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (long stream = 1; !field.isOver() && !peer.hasEnded(); ) {
                    for (int i = 0; i < STREAMS; i++, stream += 2) {
                        peer.send(Frames.data(Frames.SYN, stream, open));
                        field.tally().struck(1);
                    }
                    field.pause(500);
                }
            }
        });
    }
}
