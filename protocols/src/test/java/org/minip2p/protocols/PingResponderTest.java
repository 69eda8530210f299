package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

/** The responder side of ping on one stream. */
class PingResponderTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final EmbeddedStream stream = new EmbeddedStream(new PingResponder(IDLE));

    @AfterEach
    void close() {
        stream.close();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms("PNG-2")
    void answersTheSame32Bytes() {
        byte[] request = random(32);

        stream.peerSends(request);

        assertThat(stream.sent()).isEqualTo(request);
    }

    @Test
    @Conforms({"PNG-11", "PNG-12"})
    void answersARequestThatCameInPiecesInOneWrite() {
        byte[] request = random(32);

        stream.peerSendsInPieces(Arrays.copyOf(request, 31));
        assertThat(stream.sentWrites()).isEmpty();
        stream.peerSends(new byte[] {request[31]});

        assertThat(stream.sentWrites()).containsExactly(request);
    }

    @Test
    @Conforms({"PNG-6", "PNG-7", "PNG-12"})
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

    /** js-libp2p ends its side right after the request. */
    @Test
    @Conforms("PNG-9")
    void answersWhenTheEndFollowsTheRequestAtOnce() {
        byte[] request = random(32);

        stream.peerSends(request);
        stream.peerEnds();

        assertThat(stream.sent()).isEqualTo(request);
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    @Test
    @Conforms("PNG-10")
    void closesCleanlyAtTheEndBetweenRequests() {
        stream.peerEnds();

        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    @Test
    @Conforms("PNG-10")
    void resetsAtTheEndWithinARequest() {
        stream.peerSends(random(33));
        stream.peerEnds();

        assertThat(stream.error())
                .isInstanceOfSatisfying(
                        PingFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(PingFailedException.Reason.CUT));
    }

    /** The peer sends requests and never reads the answers. */
    @Test // SEC-62
    @Conforms({"PNG-18", "PNG-19"})
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

    /** The responder must read more to complete a request, because it has nothing to write yet. */
    @Test
    @Conforms("PNG-12")
    void readsOnWithinARequest() {
        int before = stream.readsAskedFor();

        stream.peerSends(random(5));

        assertThat(stream.readsAskedFor()).isEqualTo(before + 1);
    }

    @Test
    @Conforms("PNG-16")
    void endsAStreamThatStandsIdle() {
        stream.passes(IDLE.minusMillis(1));
        stream.peerSends(random(32));
        stream.passes(IDLE.minusMillis(1));
        assertThat(stream.isOpen()).isTrue();

        stream.passes(Duration.ofMillis(2));

        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.error()).isNull();
    }

    /** Bytes that never complete a request do not keep a stream alive. */
    @Test // SEC-62
    @Conforms("PNG-16")
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
