package org.minip2p.attacks.hostile;

/** Streams that are opened and never used, not even to negotiate a protocol. */
final class SynFlood implements Attack {
    private static final int PEERS = 8;
    private static final int BATCH = 256;

    @Override
    public Description description() {
        return Description.of(
                        "syn-flood",
                        "SEC-1 SEC-37",
                        PEERS + " peers open streams without a byte in them, as fast as they can")
                .striking(4_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.stream(PEERS, BATCH, stream -> Frames.window(Frames.SYN, stream, 0));
    }
}
