package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Our host and a peer dial each other at the same time. The peer is a go-libp2p node that behaves as an SSV node does,
 * or a rust-libp2p node that starts the handshake on an outbound connection if it has no other connection to us.
 *
 * <p>{@code -Dinterop.mutual.rounds=1000} sets the number of rounds; the default is small.
 */
@Timeout(300)
class MutualDialIT {
    private static final int ROUNDS = Integer.getInteger("interop.mutual.rounds", 16);
    private static final int NODES = Math.max(4, (int) Math.ceil(Math.sqrt(ROUNDS)));
    private static final int AT_ONCE = Integer.getInteger("interop.mutual.at-once", 4);
    private static final long SEED = Long.getLong("interop.mutual.seed", 1);

    /** An SSV node gives up after 20 s, and then closes every connection. */
    private static final Duration LONGER_THAN_AN_SSV_NODE_WAITS = Duration.ofSeconds(25);

    @Test
    void completesOnceAndStaysConnectedWithAnSsvNode() {
        Built.assume(Peers.GO);
        try (MutualDials dials = new MutualDials(Peers.GO, NODES, AT_ONCE, SEED, "--ssv")) {
            MutualDialResult result = dials.run(ROUNDS, LONGER_THAN_AN_SSV_NODE_WAITS);

            System.out.println(result);
            assertThat(result.faults()).as("%s", result).isEmpty();
            assertThat(result.ourP99()).isLessThan(Duration.ofSeconds(2));
            assertThat(result.theirP99()).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void completesOnceWithANodeThatStartsAsTheOnlyDialer() {
        Built.assume(Peers.RUST);
        try (MutualDials dials = new MutualDials(Peers.RUST, NODES, AT_ONCE, SEED, "--auto-handshake")) {
            MutualDialResult result = dials.run(ROUNDS, Duration.ofSeconds(2));

            System.out.println(result);
            assertThat(result.faults()).as("%s", result).isEmpty();
        }
    }
}
