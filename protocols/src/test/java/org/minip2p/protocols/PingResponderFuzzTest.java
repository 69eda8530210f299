package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Sends any bytes to the responder side of ping, in pieces whose size the first byte sets. The responder returns every
 * 32 bytes, and refuses an incomplete request at the end.
 */
class PingResponderFuzzTest {
    /** The entry point for Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        int piece = 1 + (input[0] & 0xff);
        int bytes = input.length - 1;
        EmbeddedStream stream = new EmbeddedStream(new PingResponder(Duration.ofSeconds(10)));
        for (int at = 1; at < input.length; at += piece) {
            stream.peerSends(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length)));
        }
        stream.peerEnds();
        boolean isWhole = bytes % 32 == 0;
        assertThat(stream.sent()).isEqualTo(Arrays.copyOfRange(input, 1, 1 + bytes / 32 * 32));
        assertThat(stream.error() == null).isEqualTo(isWhole);
        assertThat(stream.error() == null || stream.error() instanceof PingFailedException)
                .isTrue();
        stream.finishAndReleaseAll();
        LeakPresenceDetector.check();
        return isWhole;
    }

    @TestFactory
    @Conforms({"PNG-2", "PNG-10", "PNG-12"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PingResponderFuzzTest.class, PingResponderFuzzTest::accepts, 1_000);
    }
}
