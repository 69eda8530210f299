package org.minip2p.attacks.hostile;

import java.util.List;

/** Negotiations on sockets and streams that announce longer lines than allowed. */
final class LongLines implements Attack {
    private static final int THREADS = 8;
    private static final int JUNK = 65 * 1024;

    private static final List<byte[]> LENGTHS = List.of(
            new byte[] {(byte) 0x81, 0x08},
            new byte[] {-1, -1, -1, -1, 0x07},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0x7f},
            new byte[] {(byte) 0x80, 0x00});

    @Override
    public Description description() {
        return Description.of(
                        "long-lines",
                        "SEC-12 SEC-60",
                        THREADS
                                + " addresses open sockets that announce lines of 1 KiB to 2^63 bytes, and send 65 KiB of junk")
                .striking(100);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.strike(THREADS, thread -> {
            for (byte[] length : LENGTHS) {
                try (Wire wire = field.connect(Battlefield.address(thread))) {
                    wire.raw(Frames.join(Frames.line("/multistream/1.0.0"), length, new byte[JUNK]));
                    field.tally().struck(1);
                    wire.awaitEnd();
                }
            }
        });
    }
}
