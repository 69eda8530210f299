package org.minip2p.attacks.hostile;

import java.util.ArrayList;
import java.util.List;

/** Connections that are opened and closed as fast as possible. */
final class HandshakeChurn implements Attack {
    private static final int PEERS = 8;

    @Override
    public Description description() {
        return Description.of(
                        "handshake-churn",
                        "SEC-4 SEC-G10",
                        PEERS + " peers at once connect, prove who they are and leave, without a pause")
                .striking(200)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            identities.add(Identity.create());
        }
        field.strike(PEERS, thread -> {
            try (Wire wire = field.secure(Battlefield.address(thread), identities.get(thread))) {
                wire.send(Frames.ping(Frames.SYN, 1));
                field.tally().struck(1);
            }
        });
    }
}
