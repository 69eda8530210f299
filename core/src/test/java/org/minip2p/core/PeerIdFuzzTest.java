package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/** The binary form of a peer id is either accepted unchanged or refused with the declared exception. */
class PeerIdFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            PeerId id = PeerId.decode(input);
            assertThat(id.bytes()).isEqualTo(input);
            assertThat(PeerId.parse(id.toString())).isEqualTo(id);
            assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
            assertThat(id.publicKey().map(PeerId::of).orElse(id)).isEqualTo(id);
            return true;
        } catch (InvalidPeerIdException refusal) {
            return false;
        }
    }

    @TestFactory
    @Conforms({"PID-33", "PID-37", "PID-38", "PID-39"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PeerIdFuzzTest.class, PeerIdFuzzTest::accepts);
    }
}
