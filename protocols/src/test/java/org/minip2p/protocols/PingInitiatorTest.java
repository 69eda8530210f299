package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

/** The initiator side of ping on one stream. */
class PingInitiatorTest {
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final CompletableFuture<Duration> first = new CompletableFuture<>();
    private final Told told = new Told();
    private final PingInitiator initiator = new PingInitiator(first, new SecureRandom()::nextBytes, IDLE, told);
    private final EmbeddedStream stream = new EmbeddedStream(initiator);

    private static final class Told implements PingInitiator.Listener {
        int answers;
        final List<Optional<Throwable>> ends = new ArrayList<>();

        @Override
        public void answered() {
            answers++;
        }

        @Override
        public void ended(@Nullable Throwable cause) {
            ends.add(Optional.ofNullable(cause));
        }
    }

    @AfterEach
    void close() {
        stream.close();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms({"PNG-2", "PNG-5"})
    void measuresFromTheWriteToTheCompleteAnswer() {
        byte[] request = stream.sent();
        assertThat(request).hasSize(32);

        stream.passes(Duration.ofMillis(3));
        stream.peerSends(Arrays.copyOf(request, 31));
        stream.passes(Duration.ofMillis(4));
        assertThat(first).isNotDone();
        stream.peerSends(new byte[] {request[31]});

        assertThat(first).isCompletedWithValue(Duration.ofMillis(7));
        assertThat(told.answers).isEqualTo(1);
    }

    @Test
    @Conforms({"PNG-3", "PNG-6"})
    void sendsDifferentBytesEachTimeOnTheSameStream() {
        byte[] one = stream.sent();
        stream.peerSends(one);
        CompletableFuture<Duration> second = new CompletableFuture<>();

        initiator.send(second);
        byte[] two = stream.sent();
        stream.peerSendsInPieces(two);

        assertThat(two).hasSize(32).isNotEqualTo(one);
        assertThat(second).isCompleted();
    }

    /**
     * A ping may fail to start, for example for lack of memory. This ends a new stream as well as one that has already
     * carried a ping.
     */
    @Test
    void aPingThatCannotBeMadeEndsTheStream() {
        OutOfMemoryError provoked = new OutOfMemoryError("provoked by the test");
        AtomicBoolean isFailing = new AtomicBoolean(true);
        Consumer<byte[]> randomness = request -> {
            if (isFailing.get()) {
                throw provoked;
            }
        };
        for (boolean isFirst : new boolean[] {true, false}) {
            isFailing.set(isFirst);
            Told heard = new Told();
            PingInitiator failing = new PingInitiator(new CompletableFuture<>(), randomness, IDLE, heard);
            EmbeddedStream other = new EmbeddedStream(failing);
            if (!isFirst) {
                other.peerSends(other.sent());
                isFailing.set(true);
                failing.send(new CompletableFuture<>());
            }

            assertThat(heard.ends).containsExactly(Optional.of(provoked));
            assertThat(other.isOpen()).isFalse();
            assertThat(other.finishAndReleaseAll()).isFalse();
        }
    }

    @Test
    @Conforms("PNG-6")
    void refusesToSendBeforeTheAnswer() {
        assertThatThrownBy(() -> initiator.send(new CompletableFuture<>())).isInstanceOf(IllegalStateException.class);
    }

    /** The test changes each byte of the answer in turn. */
    @Test
    @Conforms("PNG-4")
    void resetsWhenTheAnswerDiffersInAnyByte() {
        for (int wrong = 0; wrong < 32; wrong++) {
            Told heard = new Told();
            CompletableFuture<Duration> result = new CompletableFuture<>();
            EmbeddedStream other =
                    new EmbeddedStream(new PingInitiator(result, new SecureRandom()::nextBytes, IDLE, heard));
            byte[] answer = other.sent();
            answer[wrong] ^= 1;

            other.peerSends(answer);

            assertThat(other.error())
                    .isInstanceOfSatisfying(
                            PingFailedException.class,
                            e -> assertThat(e.reason()).isEqualTo(PingFailedException.Reason.WRONG_ANSWER));
            assertThat(heard.ends)
                    .hasSize(1)
                    .first()
                    .satisfies(cause -> assertThat(cause).containsInstanceOf(PingFailedException.class));
            assertThat(heard.answers).isZero();
            assertThat(result).isNotDone();
            other.finishAndReleaseAll();
        }
    }

    /** The answer is one byte too long. */
    @Test
    @Conforms("PNG-2")
    void resetsWhenBytesAnswerNothing() {
        stream.peerSends(Arrays.copyOf(stream.sent(), 33));

        assertThat(first).isCompleted();
        assertThat(stream.error())
                .isInstanceOfSatisfying(
                        PingFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(PingFailedException.Reason.UNASKED_BYTES));
    }

    @Test
    void failsWhenTheFirstAnswerDoesNotCome() {
        stream.peerEnds();

        assertThat(told.ends)
                .singleElement()
                .satisfies(cause -> assertThat(cause).containsInstanceOf(PingFailedException.class));
    }

    @Test
    @Conforms("PNG-16")
    void doesNotCountTheEndOfAStreamThatServedAsAFailedPing() {
        stream.peerSends(stream.sent());
        initiator.send(new CompletableFuture<>());

        stream.peerEnds();

        assertThat(told.ends).containsExactly(Optional.empty());
    }

    @Test
    void failsWhenAStreamThatServedEndsWithinAnAnswer() {
        stream.peerSends(stream.sent());
        initiator.send(new CompletableFuture<>());

        stream.peerSends(Arrays.copyOf(stream.sent(), 4));
        stream.peerEnds();

        assertThat(told.ends)
                .singleElement()
                .satisfies(cause -> assertThat(cause).containsInstanceOf(PingFailedException.class));
    }

    /** A failed negotiation arrives as an exception in the pipeline. */
    @Test
    @Conforms("PNG-17")
    void handsOnWhyTheStreamFailed() {
        IOException cause = new IOException("not supported");

        stream.pipeline().fireExceptionCaught(cause);

        assertThat(told.ends).containsExactly(Optional.of(cause));
    }

    @Test
    @Conforms("PNG-8")
    void closesAStreamWithoutPings() {
        stream.peerSends(stream.sent());

        stream.passes(IDLE.minusMillis(1));
        assertThat(stream.isOpen()).isTrue();
        stream.passes(Duration.ofMillis(1));

        assertThat(stream.isOpen()).isFalse();
        assertThat(told.ends).containsExactly(Optional.empty());
    }

    @Test
    void keepsTheStreamWhileAnAnswerIsDue() {
        stream.peerSends(stream.sent());
        initiator.send(new CompletableFuture<>());

        stream.passes(IDLE.multipliedBy(2));

        assertThat(stream.isOpen()).isTrue();
    }
}
