package org.minip2p.attacks.hostile;

import java.io.IOException;
import java.util.Arrays;

/** Asks for echoes on many streams and gives no credit, so that the answers wait at the victim. */
final class UnsentAnswers implements Attack {
    private static final int PEERS = 16;
    private static final int STREAMS = 64;
    private static final int CHUNK = 32 * 1024;

    /** Twice the initial credit: the first half comes back, and there is no credit for the second. */
    private static final int CHUNKS = 2 * Frames.WINDOW_BYTES / CHUNK;

    @Override
    public Description description() {
        return Description.of(
                        "unsent-answers",
                        "SEC-50 SEC-69 SEC-H5",
                        PEERS + " peers ask for echoes of up to 512 KiB on " + STREAMS
                                + " streams each, take what their first credit lets through and give no more")
                .striking(500)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/echo/1.0.0");
        field.strike(PEERS, thread -> {
            long[] credit = new long[2 * STREAMS + 1];
            Arrays.fill(credit, Frames.WINDOW_BYTES - proposal.length);
            Peer.FrameListener granted = (type, flags, stream, length) -> {
                if (type == Frames.WINDOW && (flags & Frames.RST) == 0 && stream < credit.length) {
                    synchronized (credit) {
                        credit[(int) stream] += length;
                    }
                }
            };
            try (Peer peer = field.peer(Battlefield.address(thread), Identity.create(), granted)) {
                for (int i = 0; i < STREAMS; i++) {
                    peer.send(Frames.data(Frames.SYN, 2L * i + 1, proposal));
                }
                for (int round = 0; round < CHUNKS && !field.isOver(); round++) {
                    for (int i = 0; i < STREAMS && !field.isOver(); i++) {
                        ask(field, peer, credit, 2 * i + 1);
                    }
                    field.pause(20);
                }
                field.waitForEnd(peer);
            }
        });
    }

    private static void ask(Battlefield field, Peer peer, long[] credit, int stream) throws IOException {
        synchronized (credit) {
            if (credit[stream] < CHUNK) {
                return;
            }
            credit[stream] -= CHUNK;
        }
        peer.send(Frames.data(0, stream, new byte[CHUNK]));
        field.tally().struck(1);
    }
}
