package org.minip2p.attacks.hostile;

/** Streams with many proposals each, all for unknown protocols. */
final class UnknownProtocols implements Attack {
    private static final int PEERS = 4;
    private static final int BATCH = 100;
    private static final int PROPOSALS = 40;

    @Override
    public Description description() {
        return Description.of(
                        "unknown-protocols",
                        "SEC-10 SEC-11 SEC-39 SEC-H10",
                        PEERS + " peers open streams with " + PROPOSALS + " unknown proposals and `ls` in each")
                .striking(2_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposals = Frames.join(
                Frames.line("/multistream/1.0.0"),
                Frames.line("ls"),
                Frames.repeat(Frames.line("/no/such/protocol"), PROPOSALS));
        field.stream(PEERS, BATCH, stream -> Frames.data(Frames.SYN, stream, proposals));
    }
}
