package org.minip2p.attacks.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a node on the open network sees all day, at a steady rate: connections that come and go, streams that end cleanly or are reset,
 * handshakes that fail, peers that break rules, and silent sockets. For the soak; it is not one of the attacks.
 */
final class Churn implements Attack {
    static final Churn INSTANCE = new Churn();

    private static final int THREADS = 6;
    private static final int PAUSE_MILLIS = 250;
    private static final int ADDRESSES = 2_000;
    private static final int STREAMS = 20;

    private Churn() {}

    @Override
    public Description description() {
        return Description.of(
                "churn",
                "SEC-G10",
                "four times a second: a connection with 20 streams, one with node info and identify, one that is left open, a broken "
                        + "handshake, a broken frame, a silent socket");
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        field.strike(THREADS, thread -> {
            InetAddress from = Battlefield.address(next.getAndIncrement() % ADDRESSES);
            switch (thread) {
                case 0 -> streams(field, from);
                case 1 -> protocols(field, from);
                case 2 -> staying(field, from);
                case 3 -> brokenHandshake(field, from);
                case 4 -> brokenFrame(field, from);
                default -> silent(field, from);
            }
            field.tally().struck(1);
            field.pause(PAUSE_MILLIS);
        });
    }

    /** Some streams end cleanly, some are reset, and some are still open when the connection closes. */
    private static void streams(Battlefield field, InetAddress from) throws IOException, InterruptedException {
        byte[] echo = Frames.join(Frames.proposal("/echo/1.0.0"), new byte[2_000]);
        try (Peer peer = field.peer(from)) {
            for (long i = 0; i < STREAMS; i++) {
                int flags = Frames.SYN | (i % 3 == 0 ? Frames.FIN : 0);
                peer.send(Frames.data(flags, 2 * i + 1, echo));
            }
            field.pause(100);
            for (long i = 1; i < STREAMS; i += 3) {
                peer.send(Frames.window(Frames.RST, 2 * i + 1, 0));
            }
            field.pause(100);
        }
    }

    private static void protocols(Battlefield field, InetAddress from) throws IOException, InterruptedException {
        Identity identity = Identity.create();
        byte[] info = Frames.join(Frames.proposal("/ssv/info/0.0.1"), Envelopes.nodeInfo(identity.key(), "churn"));
        try (Peer peer = field.peer(from, identity, Peer.FrameListener.NONE)) {
            peer.send(Frames.data(Frames.SYN | Frames.FIN, 1, info));
            peer.send(Frames.data(Frames.SYN | Frames.FIN, 3, Frames.proposal("/ipfs/id/1.0.0")));
            field.pause(300);
        }
    }

    /** Stays connected for a few seconds, in the background. */
    private static void staying(Battlefield field, InetAddress from) throws IOException, InterruptedException {
        Peer peer = field.peer(from);
        Thread end = field.beside(1, thread -> {
            field.pause(5_000);
            peer.close();
            Thread.currentThread().interrupt(); // once is enough
        });
        if (field.isOver()) {
            end.join();
        }
    }

    private static void brokenHandshake(Battlefield field, InetAddress from) throws IOException {
        try (Wire wire = field.connect(from)) {
            wire.raw(Frames.join(Frames.proposal("/noise"), new byte[] {0, 40}, new byte[40]));
            wire.awaitEnd();
        }
    }

    private static void brokenFrame(Battlefield field, InetAddress from) throws IOException, InterruptedException {
        try (Peer peer = field.peer(from)) {
            peer.send(Frames.data(Frames.SYN, 2, new byte[1]));
            field.pause(100);
        }
    }

    private static void silent(Battlefield field, InetAddress from) throws IOException, InterruptedException {
        try (Wire wire = field.connect(from)) {
            wire.raw(new byte[] {0x13});
            field.pause(1_000);
        }
    }
}
