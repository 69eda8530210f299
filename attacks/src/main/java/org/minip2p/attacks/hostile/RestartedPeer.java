package org.minip2p.attacks.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Peers that have restarted: each has two dead connections, and expects to be served on a third one. */
final class RestartedPeer implements Attack {
    private static final int PEERS = 8;
    private static final int PATIENCE_SECONDS = 15;

    @Override
    public Description description() {
        return Description.of(
                        "restarted-peers",
                        "SEC-H11",
                        PEERS
                                + " peers keep two connections each that say nothing any more, and want a ping answered on a third: this counts as one attempt")
                .lasting(20)
                .striking(PEERS);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(PEERS, thread -> {
            Identity identity = Identity.create();
            List<Wire> dead = new ArrayList<>();
            try {
                dead.add(field.secure(Battlefield.address(thread), identity));
                dead.add(field.secure(Battlefield.address(thread), identity));
                wantPing(field, thread, identity);
            } finally {
                for (Wire wire : dead) {
                    wire.close();
                }
            }
            field.pause(100);
        });
    }

    private static void wantPing(Battlefield field, int thread, Identity identity)
            throws IOException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        try (Peer peer = field.peer(Battlefield.address(thread), identity, answer(answered))) {
            peer.send(Frames.data(Frames.SYN, 1, Frames.pingRequest()));
            if (!answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("no answer on a third connection within " + PATIENCE_SECONDS + " s");
            }
            field.tally().struck(1);
        }
    }

    /** The answer has as many bytes as the request: the victim confirms the proposal with the same bytes, and echoes the ping. */
    private static Peer.FrameListener answer(CountDownLatch answered) {
        AtomicLong missing = new AtomicLong(Frames.pingRequest().length);
        return (type, flags, stream, length) -> {
            if (type == Frames.DATA && stream == 1 && missing.addAndGet(-length) <= 0) {
                answered.countDown();
            }
        };
    }
}
