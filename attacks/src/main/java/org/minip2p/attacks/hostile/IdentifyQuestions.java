package org.minip2p.attacks.hostile;

/** Endless identify requests, each of which costs the host a full answer. */
final class IdentifyQuestions implements Attack {
    private static final int PEERS = 8;
    private static final int BATCH = 20;

    @Override
    public Description description() {
        return Description.of(
                        "identify-questions",
                        "SEC-56 SEC-H10 SEC-H18",
                        PEERS + " peers ask who the host is, " + BATCH + " times in one message, without a pause")
                .striking(1_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/ipfs/id/1.0.0");
        field.stream(PEERS, BATCH, stream -> Frames.data(Frames.SYN | Frames.FIN, stream, proposal));
    }
}
