package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Sends any bytes to the server side of perf, in pieces whose size the first byte sets. The server sends what the bytes
 * ask for, or fails in the declared way.
 */
class PerfResponderFuzzTest {
    private static final Duration STALL = Duration.ofSeconds(30);

    /** The entry point for Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        int piece = 1 + (input[0] & 0xff);
        boolean isAsked = input.length > Long.BYTES;
        long wanted = isAsked ? ByteBuffer.wrap(input, 1, Long.BYTES).getLong() : 0;
        boolean isSmall = wanted >= 0 && wanted < 100_000;
        EmbeddedStream stream = new EmbeddedStream(new PerfResponder(STALL));
        if (!isSmall) {
            stream.stall();
        }
        for (int at = 1; at < input.length; at += piece) {
            stream.peerSends(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length)));
        }
        assertThat(stream.sent()).as("bytes sent before the end of the upload").isEmpty();
        stream.peerEnds();
        if (!isAsked) {
            assertThat(stream.error()).isInstanceOf(PerfFailedException.class);
        } else {
            assertThat(stream.error()).isNull();
            assertThat(stream.isOpen()).isEqualTo(!isSmall);
        }
        if (isSmall) {
            assertThat(stream.sent()).hasSize((int) wanted);
        } else {
            assertThat(stream.bytesHeldUnsent()).isPositive().isLessThan(1 << 18);
        }
        stream.close();
        stream.finishAndReleaseAll();
        LeakPresenceDetector.check();
        return isAsked;
    }

    @TestFactory
    @Conforms({"PRF-3", "PRF-10", "PRF-11"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PerfResponderFuzzTest.class, PerfResponderFuzzTest::accepts, 1_000);
    }
}
