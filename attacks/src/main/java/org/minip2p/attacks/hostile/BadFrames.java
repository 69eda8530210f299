package org.minip2p.attacks.hostile;

import java.util.List;

/** Frames that break a rule of Yamux, one on each connection. */
final class BadFrames implements Attack {
    private static final int PEERS = 8;
    private static final byte[] NONE = {};

    private static final List<byte[]> FRAMES = List.of(
            Frames.data(Frames.SYN, 1, new byte[Frames.WINDOW_BYTES + 1]),
            Frames.join(Frames.window(Frames.SYN, 1, 0xffff_ffffL), Frames.window(0, 1, 0xffff_ffffL)),
            Frames.window(Frames.SYN, 1, 0xffff_ffffL),
            Frames.data(Frames.SYN, 0, new byte[1]),
            Frames.data(Frames.SYN, 2, new byte[1]),
            Frames.frame(Frames.DATA, Frames.SYN, 1, 0xffff_ffffL, NONE),
            Frames.frame(0x7f, 0, 1, 0, NONE));

    @Override
    public Description description() {
        return Description.of(
                        "bad-frames",
                        "SEC-33 SEC-34 SEC-35 SEC-36 SEC-47 SEC-48",
                        PEERS
                                + " peers send one frame each that breaks a rule of Yamux, are disconnected, and come back")
                .striking(100);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(PEERS, thread -> {
            for (byte[] frame : FRAMES) {
                try (Peer peer = field.peer(Battlefield.address(thread))) {
                    peer.send(frame);
                    field.tally().struck(1);
                    for (int i = 0; i < 100 && !peer.hasEnded() && !field.isOver(); i++) {
                        field.pause(10);
                    }
                }
            }
        });
    }
}
