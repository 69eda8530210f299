package org.minip2p.attacks.hostile;

/** Silent sockets that take the places of others; each is opened again after it was closed. */
final class SilentSockets implements Attack {
    private static final int ADDRESSES = 16;
    private static final int SOCKETS_EACH = 8;

    /** No setting turns off the defence: silent sockets always make room, whatever the limit. */
    @Override
    public Description description() {
        return Description.of(
                        "silent-sockets",
                        "SEC-1 SEC-2 SEC-3 SEC-H4",
                        ADDRESSES + " addresses open " + SOCKETS_EACH
                                + " sockets each that say nothing, and reopen closed ones")
                .striking(128)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.keepSilent(ADDRESSES, SOCKETS_EACH);
    }
}
