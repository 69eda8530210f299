package org.minip2p.attacks.hostile;

/** Frames for streams that have ended or never existed, and unsolicited ping answers. */
final class LateFrames implements Attack {
    private static final int PEERS = 4;
    private static final int BATCH = 500;

    @Override
    public Description description() {
        return Description.of(
                        "late-frames",
                        "SEC-41 SEC-42 SEC-43",
                        PEERS
                                + " peers send data, credit and ends for streams that are not there, and answers to no ping")
                .striking(10_000);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.stream(
                PEERS,
                BATCH,
                stream -> Frames.join(
                        Frames.data(0, stream, new byte[16]),
                        Frames.window(Frames.FIN, stream, 1),
                        Frames.window(Frames.ACK, stream, 1),
                        Frames.ping(Frames.ACK, stream)));
    }
}
