package org.minip2p.attacks.hostile;

/** Sockets that send the opening of a connection at one byte a second. */
final class HandshakeDrip implements Attack {
    private static final int SOCKETS = 96;
    private static final int BYTE_MILLIS = 1_000;

    @Override
    public Description description() {
        return Description.of(
                        "handshake-drip",
                        "SEC-3 SEC-8",
                        SOCKETS
                                + " addresses open a connection at one byte a second each, and start again when they are closed")
                .striking(SOCKETS)
                .lasting(15);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] opening = Frames.proposal("/noise");
        field.strike(SOCKETS, thread -> {
            try (Wire wire = field.connect(Battlefield.address(thread))) {
                for (int i = 0; !field.isOver(); i = (i + 1) % opening.length) {
                    wire.raw(new byte[] {opening[i]});
                    field.tally().struck(1);
                    field.pause(BYTE_MILLIS);
                }
            }
        });
    }
}
