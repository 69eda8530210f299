package org.minip2p.attacks.hostile;

/** Exchanges of node info with keys whose signatures take the victim long to verify. */
final class SlowEnvelopes implements Attack {
    private static final int PEERS = 12;

    @Override
    public Description description() {
        return Description.of(
                        "slow-envelopes",
                        "SEC-4 SEC-H9",
                        PEERS + " peers with keys of P-521 tell node info, signed with them, eight exchanges at a time")
                .striking(200);
    }

    @Override
    public void run(Battlefield field) throws Exception {
        Identity[] identities = new Identity[PEERS];
        for (int i = 0; i < PEERS; i++) {
            identities[i] = Identity.of(SlowKeys.p521());
        }
        NodeInfoFlood.run(field, PEERS, thread -> identities[thread]);
    }
}
