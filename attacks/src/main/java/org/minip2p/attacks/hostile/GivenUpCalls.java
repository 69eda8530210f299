package org.minip2p.attacks.hostile;

import java.io.IOException;

/** An honest application that cancels every other call, hundreds a second: not an attack at all. */
final class GivenUpCalls implements Attack {
    private static final int PEERS = 4;
    private static final int PER_SECOND = 50;

    /** The last call is made this long before the end, so that all calls are counted in time. */
    private static final long RESERVE_MILLIS = 500;

    @Override
    public Description description() {
        return Description.of(
                        "given-up-calls",
                        "SEC-H21",
                        PEERS + " peers make " + 2 * PER_SECOND
                                + " pings a second and reset every other one; only those on a connection that lasts to the end count")
                .striking((long) PEERS * PER_SECOND * 2);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(PEERS, thread -> {
            long calls = 0;
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (long stream = 1; field.leftMillis() > RESERVE_MILLIS && !peer.hasEnded(); stream += 4) {
                    peer.send(Frames.join(
                            Frames.data(Frames.SYN | Frames.FIN, stream, Frames.pingRequest()),
                            Frames.data(Frames.SYN, stream + 2, Frames.pingRequest())));
                    field.pause(1000 / PER_SECOND);
                    peer.send(Frames.window(Frames.RST, stream + 2, 0));
                    calls += 2;
                }
                if (peer.hasEnded()) {
                    throw new IOException("ended after " + calls + " calls");
                }
                field.tally().struck(calls);
                field.pause(RESERVE_MILLIS);
            }
        });
    }
}
