package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.ProtocolTimeoutException;

/** The client side of perf on one stream. */
class PerfInitiatorTest {
    private static final Duration STALL = Duration.ofSeconds(30);

    private final CompletableFuture<PerfResult> result = new CompletableFuture<>();

    @Test
    @Conforms({"PRF-2", "PRF-4", "PRF-9"})
    void sendsTheNumberInOneWriteThenTheUploadThenEnds() {
        EmbeddedStream stream = open(200_000, 77);

        var writes = stream.sentWrites();

        assertThat(writes.get(0)).isEqualTo(ByteBuffer.allocate(8).putLong(77).array());
        assertThat(writes.stream().skip(1).mapToInt(write -> write.length).sum())
                .isEqualTo(200_000);
        assertThat(stream.isOutputShutdown()).isTrue();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms("PRF-13")
    void measuresFromTheOpeningToTheEnd() {
        EmbeddedStream stream = open(10, 5);
        stream.sent();

        stream.passes(Duration.ofMillis(3));
        stream.peerSends(new byte[2]);
        stream.passes(Duration.ofMillis(4));
        stream.peerSends(new byte[3]);
        stream.peerEnds();

        assertThat(result).isCompletedWithValue(new PerfResult(10, Duration.ofMillis(3), 5, Duration.ofMillis(4)));
        assertThat(stream.isOpen()).isFalse();
        stream.finishAndReleaseAll();
    }

    /** No upload and no download. */
    @Test
    @Conforms({"PRF-3", "PRF-4"})
    void measuresNothingAtAll() {
        EmbeddedStream stream = open(0, 0);

        assertThat(stream.sent()).hasSize(8);
        stream.peerEnds();

        assertThat(result).isCompletedWithValue(new PerfResult(0, Duration.ZERO, 0, Duration.ZERO));
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms({"PRF-7", "PRF-18"})
    void failsWhenTooLittleComes() {
        EmbeddedStream stream = open(0, 5);
        stream.sent();

        stream.peerSends(new byte[4]);
        stream.peerEnds();

        assertFailedWith(PerfFailedException.Reason.TOO_FEW_BYTES);
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms("PRF-7")
    void failsAtOnceWhenTooMuchComes() {
        EmbeddedStream stream = open(0, 5);
        stream.sent();

        stream.peerSends(new byte[6]);

        assertFailedWith(PerfFailedException.Reason.TOO_MANY_BYTES);
        stream.finishAndReleaseAll();
    }

    /** The answer comes before the end of the upload. */
    @Test
    @Conforms({"PRF-5", "PRF-16"})
    void failsWhenTheAnswerComesTooEarly() {
        EmbeddedStream stream = new EmbeddedStream(new ChannelInboundHandlerAdapter());
        stream.stall();
        stream.pipeline().addFirst(new PerfInitiator(1 << 30, 5, STALL, PerfProgress.NONE, result));

        stream.peerSends(new byte[1]);

        assertFailedWith(PerfFailedException.Reason.TOO_EARLY);
        assertThat(stream.bytesHeldUnsent()).isLessThan(1 << 18);
        stream.close();
        stream.finishAndReleaseAll();
    }

    /** The connection is cut. */
    @Test
    @Conforms("PRF-18")
    void failsWhenTheStreamIsCut() {
        EmbeddedStream stream = open(0, 5);
        stream.sent();

        stream.close();

        assertFailedWith(PerfFailedException.Reason.TOO_FEW_BYTES);
        stream.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    @Conforms({"PRF-2", "PRF-3", "PRF-17"})
    void asksForAnyNumberOf64Bits(long download) {
        EmbeddedStream stream = open(0, download);

        assertThat(stream.sent())
                .isEqualTo(ByteBuffer.allocate(8).putLong(download).array());
        stream.peerSends(new byte[100_000]);
        assertThat(result).as("no more bytes came than were asked for").isNotDone();
        stream.peerEnds();
        assertThat(Failures.of(result)).hasMessageContaining(Long.toUnsignedString(download));
        stream.finishAndReleaseAll();
    }

    @Test
    void failsWhenNothingMoves() {
        EmbeddedStream stream = open(0, 5);
        stream.sent();

        stream.passes(STALL.minusMillis(1));
        stream.peerSends(new byte[1]);
        stream.passes(STALL.minusMillis(1));
        assertThat(result).isNotDone();
        stream.passes(Duration.ofMillis(2));

        assertThat(result).isCompletedExceptionally();
        assertThat(Failures.of(result)).isInstanceOf(ProtocolTimeoutException.class);
        stream.close();
        stream.finishAndReleaseAll();
    }

    private EmbeddedStream open(long upload, long download) {
        return new EmbeddedStream(new PerfInitiator(upload, download, STALL, PerfProgress.NONE, result));
    }

    private void assertFailedWith(PerfFailedException.Reason reason) {
        assertThat(Failures.of(result))
                .isInstanceOfSatisfying(
                        PerfFailedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
