package org.minip2p.attacks.hostile;

import java.util.concurrent.ThreadLocalRandom;

/** Noise messages of random bytes, of every length. */
final class BrokenHandshakes implements Attack {
    private static final int THREADS = 8;
    private static final int MAX_BYTES = 65_535;

    @Override
    public Description description() {
        return Description.of(
                        "broken-handshakes",
                        "SEC-18 SEC-22 SEC-23 SEC-25",
                        THREADS + " addresses agree on Noise and send messages of random bytes and lengths")
                .striking(100);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(THREADS, thread -> {
            byte[] message = new byte[ThreadLocalRandom.current().nextInt(MAX_BYTES)];
            ThreadLocalRandom.current().nextBytes(message);
            try (Wire wire = field.connect(Battlefield.address(thread))) {
                wire.raw(Frames.join(
                        Frames.proposal("/noise"),
                        new byte[] {(byte) (message.length >> 8), (byte) message.length},
                        message));
                field.tally().struck(1);
                wire.awaitEnd();
            }
        });
    }
}
