package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.ProtocolTimeoutException;

/** The server side of perf on one stream. */
class PerfResponderTest {
    private static final Duration STALL = Duration.ofSeconds(30);

    private final EmbeddedStream stream = new EmbeddedStream(new PerfResponder(STALL));

    @AfterEach
    void close() {
        stream.close();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms({"PRF-2", "PRF-6", "PRF-8", "PRF-10"})
    void sendsWhatWasAskedForAfterTheEnd() {
        stream.peerSendsInPieces(request(1_000_000));
        stream.peerEnds();

        assertThat(stream.sent()).isEqualTo(new byte[1_000_000]);
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    /** The number and the beginning of the upload arrive together. */
    @Test
    @Conforms({"PRF-4", "PRF-5", "PRF-10"})
    void dropsTheUploadAndAnswersNothingBeforeItsEnd() {
        byte[] glued = Arrays.copyOf(request(3), 70_000);
        Arrays.fill(glued, 8, glued.length, (byte) 0xff);

        stream.peerSends(glued);
        stream.peerSends(new byte[100_000]);
        assertThat(stream.sent()).isEmpty();
        stream.peerEnds();

        assertThat(stream.sent()).hasSize(3);
    }

    @Test
    @Conforms("PRF-3")
    void sendsNothingWhenNothingIsAskedFor() {
        stream.peerSends(request(0));
        stream.peerEnds();

        assertThat(stream.sent()).isEmpty();
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    @Test
    @Conforms("PRF-11")
    void resetsWithoutAWholeRequest() {
        stream.peerSends(new byte[7]);
        stream.peerEnds();

        assertThat(stream.error())
                .isInstanceOfSatisfying(
                        PerfFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(PerfFailedException.Reason.NO_REQUEST));
        assertThat(stream.sent()).isEmpty();
    }

    /** The client asks for the largest possible number of bytes. */
    @Test // SEC-65
    @Conforms({"PRF-3", "PRF-12", "PRF-16"})
    void holdsLittleHoweverMuchIsAskedForAndStopsWithTheStream() {
        stream.stall();

        stream.peerSends(request(-1));
        stream.peerEnds();
        assertThat(stream.bytesHeldUnsent()).isPositive().isLessThan(1 << 18);
        stream.close();

        assertThat(stream.hasPendingTasks()).isFalse();
        assertThat(stream.sent()).isEmpty();
    }

    /** The client reads nothing. */
    @Test
    void resetsAStreamThatStandsStill() {
        stream.stall();
        stream.peerSends(request(1 << 20));
        stream.passes(STALL.minusMillis(1));
        stream.peerEnds();
        stream.passes(STALL.minusMillis(1));
        assertThat(stream.error()).isNull();

        stream.passes(Duration.ofMillis(2));

        assertThat(stream.error()).isInstanceOf(ProtocolTimeoutException.class);
    }

    private static byte[] request(long bytes) {
        return ByteBuffer.allocate(Long.BYTES).putLong(bytes).array();
    }
}
