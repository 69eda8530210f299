package org.minip2p.attacks.hostile;

/** More sockets than the victim has descriptors for, although its limits would allow them. */
final class NoDescriptors implements Attack {
    private static final int ADDRESSES = 16;
    private static final int SOCKETS_EACH = 16;

    /** About 85 are in use before the first connection. */
    private static final int DESCRIPTORS = 120;

    /** No setting turns off the defence: the limit is the machine's. */
    @Override
    public Description description() {
        return Description.of(
                        "no-descriptors",
                        "SEC-1 SEC-H15",
                        ADDRESSES + " addresses open " + SOCKETS_EACH
                                + " sockets each that say nothing, to a host that may have " + DESCRIPTORS
                                + " files and sockets open")
                .withDescriptors(DESCRIPTORS)
                .striking(128);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.keepSilent(ADDRESSES, SOCKETS_EACH);
    }
}
