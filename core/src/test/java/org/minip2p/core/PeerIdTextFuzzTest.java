package org.minip2p.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Any text is either a peer id that can be read again from its canonical text, or refused with a message that is safe
 * to log.
 */
class PeerIdTextFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            PeerId id = PeerId.parse(new String(input, UTF_8));
            assertThat(PeerId.parse(id.toString())).isEqualTo(id);
            return true;
        } catch (IllegalArgumentException refusal) {
            assertThat(refusal).hasMessageNotContaining("\n");
            return false;
        }
    }

    @TestFactory
    @Conforms({"PID-43", "PID-46", "PID-51"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PeerIdTextFuzzTest.class, PeerIdTextFuzzTest::accepts);
    }
}
