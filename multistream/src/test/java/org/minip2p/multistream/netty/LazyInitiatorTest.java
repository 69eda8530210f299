package org.minip2p.multistream.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.multistream.Wire.HEADER;
import static org.minip2p.multistream.Wire.join;
import static org.minip2p.multistream.Wire.messages;
import static org.minip2p.multistream.netty.Wires.receive;
import static org.minip2p.multistream.netty.Wires.receiveInPieces;
import static org.minip2p.multistream.netty.Wires.sent;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;

class LazyInitiatorTest {
    private static final ProtocolId PING = new ProtocolId("/ipfs/ping/1.0.0");
    private static final byte[] DATA = {0, 1, 2, 3, '\n'};

    private final Recorder recorder = new Recorder().writing((byte) 42);
    private final Wires.Counter counter = new Wires.Counter();
    private final EmbeddedChannel channel = new EmbeddedChannel(counter, MultistreamInitiator.lazy(PING, recorder));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    @Conforms("MSS-30")
    @DisplayName("header, proposal and the next handler's first bytes leave at once, in one flush")
    void sendsTheFirstDataWithTheProposal() {
        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0");
        assertThat(sent(channel)).isEqualTo(join(messages(HEADER, "/ipfs/ping/1.0.0"), new byte[] {42}));
        assertThat(counter.writes).isEqualTo(2);
        assertThat(counter.flushes).isEqualTo(1);
    }

    @ParameterizedTest
    @Conforms("MSS-31")
    @DisplayName("header and echo are checked before the first byte is passed on, in pieces of any size")
    @ValueSource(ints = {1, 2, 5, 19, 20, 21, 37, 38, 39, 1000})
    void forwardsNothingBeforeTheConfirmation(int pieceBytes) {
        receiveInPieces(channel, join(messages(HEADER, "/ipfs/ping/1.0.0"), DATA), pieceBytes);

        assertThat(recorder.log).startsWith("negotiated /ipfs/ping/1.0.0", "confirmed /ipfs/ping/1.0.0");
        assertThat(recorder.count("confirmed")).isEqualTo(1);
        assertThat(recorder.received()).isEqualTo(DATA);
        assertThat(channel.pipeline().get(MultistreamInitiator.class)).isNull();
        assertThat(counter.flushes).as("the confirmation flushes nothing").isEqualTo(1);
    }

    @Test
    void letsThroughWhatIsWrittenMeanwhile() {
        sent(channel);
        receive(channel, messages(HEADER));

        channel.writeOutbound(Wires.buffer(channel, DATA));

        assertThat(sent(channel)).isEqualTo(DATA);
    }

    @Test
    @Conforms("MSS-32")
    @DisplayName("SEC-13: after na the caller gets 'not supported', and no byte after it is interpreted")
    void failsAsUnsupportedWhenRefused() {
        receive(channel, join(messages(HEADER, "na"), messages("/ipfs/ping/1.0.0"), DATA));
        receive(channel, join(messages("/ipfs/ping/1.0.0"), DATA));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);

        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed");
        assertThat(recorder.failure())
                .isInstanceOfSatisfying(
                        UnsupportedProtocolException.class,
                        e -> assertThat(e.proposals()).containsExactly(PING));
    }

    @ParameterizedTest
    @Conforms("MSS-9")
    @DisplayName("any other answer fails the negotiation")
    @ValueSource(strings = {"/ipfs/ping/1.0.1", "ls", "", HEADER})
    void failsAtAnyOtherAnswer(String answer) {
        receive(channel, join(messages(HEADER, answer), DATA));

        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @ParameterizedTest
    @Conforms("MSS-32")
    @DisplayName(
            "an end of the input before the echo means 'not supported', and is not passed on as an end of the data")
    @ValueSource(ints = {0, 1, 19, 20, 21, 37})
    void failsAsUnsupportedAtAnEndOfInput(int bytesBefore) {
        receive(channel, Arrays.copyOf(messages(HEADER, "/ipfs/ping/1.0.0"), bytesBefore));

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed");
        assertThat(recorder.failure()).isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    void failsAsUnsupportedWhenThePeerCloses() {
        channel.pipeline().fireChannelInactive();

        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed", "inactive");
        assertThat(recorder.failure()).isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    @DisplayName("a reset is passed on, and the end of the channel after it does not mean 'not supported'")
    void passesAResetOnAndFailsBecauseOfIt() {
        IOException reset = new IOException("the stream was reset");

        channel.pipeline().fireExceptionCaught(reset);
        channel.pipeline().fireChannelInactive();

        assertThat(recorder.log)
                .containsExactly("negotiated /ipfs/ping/1.0.0", "exception the stream was reset", "failed", "inactive");
        assertThat(recorder.failure())
                .isInstanceOf(NegotiationFailedException.class)
                .hasCause(reset);
    }

    @Test
    void doesNotBlameThePeerWhenWeClose() {
        assertThat(channel.close().isSuccess()).isTrue();

        assertThat(recorder.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed", "inactive");
        assertThat(recorder.failure())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("closed here");
    }

    @Test
    @Conforms("MSS-36")
    @DisplayName("SEC-14: a side that has half-closed gets the answer and the end of the answer")
    void getsTheAnswerWhenOurSideHasHalfClosed() {
        channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);

        receive(channel, join(messages(HEADER, "/ipfs/ping/1.0.0"), DATA));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(recorder.log)
                .containsExactly(
                        "negotiated /ipfs/ping/1.0.0",
                        "event ChannelOutputShutdownEvent",
                        "confirmed /ipfs/ping/1.0.0",
                        "data 000102030a",
                        "event ChannelInputShutdownEvent");
    }

    @Test
    @Conforms("MSS-32")
    @DisplayName("an end of the input directly after the echo belongs to the protocol; it is not a failure")
    void passesTheEndBehindTheEchoOn() {
        receive(channel, messages(HEADER, "/ipfs/ping/1.0.0"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(recorder.log)
                .containsExactly(
                        "negotiated /ipfs/ping/1.0.0", "confirmed /ipfs/ping/1.0.0", "event ChannelInputShutdownEvent");
    }

    @Test
    void readsTheAnswerThoughTheNextHandlerTurnedAutoReadOff() {
        Wires.Counter asked = new Wires.Counter();
        Recorder quiet = new Recorder().doing(ctx -> ctx.channel().config().setAutoRead(false));
        EmbeddedChannel stream = new EmbeddedChannel(asked, MultistreamInitiator.lazy(PING, quiet));
        int atStart = asked.reads;

        receive(stream, messages(HEADER));
        receive(stream, messages("/ipfs/ping/1.0.0"));

        assertThat(quiet.log).containsExactly("negotiated /ipfs/ping/1.0.0", "confirmed /ipfs/ping/1.0.0");
        assertThat(atStart).isPositive();
        assertThat(asked.reads - atStart)
                .as("one read for the echo, and none for the next handler")
                .isEqualTo(1);
        stream.finishAndReleaseAll();
    }

    @Test
    void asksAgainWhenItUsedUpWhatTheNextHandlerAskedFor() {
        Wires.Counter asked = new Wires.Counter();
        Recorder reading = new Recorder().doing(ctx -> {
            ctx.channel().config().setAutoRead(false);
            ctx.channel().read();
        });
        EmbeddedChannel stream = new EmbeddedChannel(asked, MultistreamInitiator.lazy(PING, reading));
        int atStart = asked.reads;

        receive(stream, messages(HEADER, "/ipfs/ping/1.0.0"));

        assertThat(reading.received()).isEmpty();
        assertThat(asked.reads - atStart).isEqualTo(1);
        stream.finishAndReleaseAll();
    }

    @Test
    void doesNotAskAgainWhenDataCameWithTheEcho() {
        Wires.Counter asked = new Wires.Counter();
        Recorder reading = new Recorder().doing(ctx -> {
            ctx.channel().config().setAutoRead(false);
            ctx.channel().read();
        });
        EmbeddedChannel stream = new EmbeddedChannel(asked, MultistreamInitiator.lazy(PING, reading));
        int atStart = asked.reads;

        receive(stream, join(messages(HEADER, "/ipfs/ping/1.0.0"), DATA));

        assertThat(reading.received()).isEqualTo(DATA);
        assertThat(asked.reads).isEqualTo(atStart);
        stream.finishAndReleaseAll();
    }

    @Test
    void asksForNothingWhenItFailedAtItsStart() {
        Wires.Counter asked = new Wires.Counter();
        Recorder closing = new Recorder().doing(ctx -> {
            ctx.channel().config().setAutoRead(false);
            ctx.pipeline().fireChannelInactive();
        });

        EmbeddedChannel stream = new EmbeddedChannel(asked, MultistreamInitiator.lazy(PING, closing));

        assertThat(closing.log).containsExactly("negotiated /ipfs/ping/1.0.0", "failed", "inactive");
        assertThat(asked.reads).isZero();
        stream.finishAndReleaseAll();
    }
}
