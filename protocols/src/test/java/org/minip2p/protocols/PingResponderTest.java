package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PNG, the responder's clauses. */
class PingResponderTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final EmbeddedStream stream = new EmbeddedStream(new PingResponder(IDLE));

    @AfterEach
    void close() {
        stream.close();
        stream.finishAndReleaseAll();
    }

    /** PNG-2. */
    @Test
    void answersTheSame32Bytes() {
        byte[] request = random(32);

        stream.peerSends(request);

        assertThat(stream.sent()).isEqualTo(request);
    }

    /** PNG-11, PNG-12. */
    @Test
    void answersARequestThatCameInPiecesInOneWrite() {
        byte[] request = random(32);

        stream.peerSendsInPieces(Arrays.copyOf(request, 31));
        assertThat(stream.sentWrites()).isEmpty();
        stream.peerSends(new byte[] {request[31]});

        assertThat(stream.sentWrites()).containsExactly(request);
    }

    /** PNG-6, PNG-7, PNG-12. */
    @Test
    void answersManyRequestsWhateverTheirBorders() {
        byte[] requests = random(32 * 50);
        Random sizes = new Random(1);

        for (int at = 0; at < requests.length; ) {
            int size = Math.min(1 + sizes.nextInt(100), requests.length - at);
            stream.peerSends(Arrays.copyOfRange(requests, at, at + size));
            at += size;
        }

        assertThat(stream.sent()).isEqualTo(requests);
    }

    /** PNG-9: js ends its side right after the request. */
    @Test
    void answersWhenTheEndFollowsTheRequestAtOnce() {
        byte[] request = random(32);

        stream.peerSends(request);
        stream.peerEnds();

        assertThat(stream.sent()).isEqualTo(request);
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    /** PNG-10. */
    @Test
    void closesCleanlyAtTheEndBetweenRequests() {
        stream.peerEnds();

        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    /** PNG-10. */
    @Test
    void resetsAtTheEndWithinARequest() {
        stream.peerSends(random(33));
        stream.peerEnds();

        assertThat(stream.error())
                .isInstanceOfSatisfying(
                        PingFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(PingFailedException.Reason.CUT));
    }

    /** PNG-18, PNG-19: threat 62, a peer that sends and never reads. */
    @Test
    void readsNoMoreUntilTheAnswerIsWritten() {
        ChannelConfig config = stream.config();
        assertThat(config.isAutoRead()).isFalse();
        stream.stall();
        int before = stream.readsAskedFor();

        stream.peerSends(random(320));

        assertThat(stream.readsAskedFor()).isEqualTo(before);
        stream.resume();
        assertThat(stream.readsAskedFor()).isEqualTo(before + 1);
    }

    /** PNG-12: an incomplete request needs more input before there is anything to write. */
    @Test
    void readsOnWithinARequest() {
        int before = stream.readsAskedFor();

        stream.peerSends(random(5));

        assertThat(stream.readsAskedFor()).isEqualTo(before + 1);
    }

    /** PNG-16. */
    @Test
    void endsAStreamThatStandsIdle() {
        stream.passes(IDLE.minusMillis(1));
        stream.peerSends(random(32));
        stream.passes(IDLE.minusMillis(1));
        assertThat(stream.isOpen()).isTrue();

        stream.passes(Duration.ofMillis(2));

        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    /** PNG-16, threat 62: bytes that never make a request are no sign of life. */
    @Test
    void resetsAStreamWhoseRequestDripsIn() {
        for (int second = 0; second < 10; second++) {
            stream.peerSends(new byte[1]);
            stream.passes(Duration.ofSeconds(1));
        }

        assertThat(stream.error())
                .isInstanceOfSatisfying(
                        PingFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(PingFailedException.Reason.IDLE));
    }

    @Test
    void releasesWhatItHoldsWhenTheStreamIsReset() {
        stream.peerSends(random(7));

        stream.close();

        assertThat(stream.sent()).isEmpty();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
