package org.minip2p.attacks.hostile;

/** Established connections from a few addresses, each of which takes as many slots as it can get. */
final class AddressCrowd implements Attack {
    private static final int ADDRESSES = 16;
    private static final int THREADS = 8;
    private static final int CONNECTIONS = 1_100;

    @Override
    public Description description() {
        return Description.of(
                        "address-crowd",
                        "SEC-1 SEC-2 SEC-H4 SEC-H23",
                        ADDRESSES + " addresses make " + CONNECTIONS
                                + " connections together, each from a different peer, and keep them")
                .striking(300)
                .lasting(45);
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        field.crowd(THREADS, CONNECTIONS, number -> Battlefield.address(number % ADDRESSES));
    }
}
