package org.minip2p.attacks.hostile;

import java.util.ArrayList;
import java.util.List;

/** Handshakes with keys whose signatures take the victim long to verify. */
final class SlowProofs implements Attack {
    private static final int PEERS = 12;

    @Override
    public Description description() {
        return Description.of(
                        "slow-proofs",
                        "SEC-4 SEC-17 SEC-H9",
                        PEERS + " peers with keys of P-521 connect, are checked and leave, without a pause")
                .striking(50);
    }

    @Override
    public void run(Battlefield field) throws Exception {
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            identities.add(Identity.of(SlowKeys.p521()));
        }
        field.strike(PEERS, thread -> {
            try (Wire wire = field.secure(Battlefield.address(thread), identities.get(thread))) {
                wire.send(Frames.ping(Frames.SYN, 1));
                wire.receive();
                field.tally().struck(1);
            }
        });
    }
}
