package org.minip2p.attacks.hostile;

import java.util.Map;

/** Streams that are opened and reset immediately, as fast as the victim reads. */
final class RapidResets implements Attack {
    private static final int PEERS = 4;
    private static final int BATCH = 500;

    @Override
    public Description description() {
        return Description.of(
                        "rapid-resets",
                        "SEC-38 SEC-H10",
                        PEERS
                                + " peers open streams for ping and reset each at once, and reconnect when they are disconnected")
                .striking(10_000)
                .smoke()
                .lifted(Map.of("maxResets", "2147483647"));
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/ipfs/ping/1.0.0");
        field.stream(
                PEERS,
                BATCH,
                stream -> Frames.join(Frames.data(Frames.SYN, stream, proposal), Frames.window(Frames.RST, stream, 0)));
    }
}
