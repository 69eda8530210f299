package org.minip2p.multistream.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.multistream.Wire.HEADER;
import static org.minip2p.multistream.Wire.join;
import static org.minip2p.multistream.Wire.messages;
import static org.minip2p.multistream.netty.Wires.receive;
import static org.minip2p.multistream.netty.Wires.receiveInPieces;
import static org.minip2p.multistream.netty.Wires.sent;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;

class MultistreamInitiatorTest {
    private static final ProtocolId TLS = new ProtocolId("/tls/1.0.0");
    private static final ProtocolId NOISE = new ProtocolId("/noise");
    private static final byte[] DATA = {0, 1, 2, 3, '\n'};

    private final Recorder recorder = new Recorder();
    private final Wires.Counter counter = new Wires.Counter();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(counter, MultistreamInitiator.waiting(List.of(TLS, NOISE), recorder));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    @Conforms({"MSS-4", "MSS-10"})
    @DisplayName("header and first proposal leave at once, in one write and one flush")
    void opensInOneWrite() {
        assertThat(sent(channel)).isEqualTo(messages(HEADER, "/tls/1.0.0"));
        assertThat(counter.writes).isEqualTo(1);
        assertThat(counter.flushes).isEqualTo(1);
        assertThat(recorder.log).isEmpty();
    }

    @ParameterizedTest
    @Conforms({"MSS-8", "MSS-20"})
    @DisplayName("SEC-73: proposes until one is echoed; passes on the bytes after the echo, in pieces of any size")
    @ValueSource(ints = {1, 2, 3, 7, 19, 20, 24, 25, 1000})
    void proposesTheNextAndForwardsWhatFollowsTheEcho(int pieceBytes) {
        receiveInPieces(channel, join(messages(HEADER, "na", "/noise"), DATA, messages("na")), pieceBytes);

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "/tls/1.0.0", "/noise"));
        assertThat(recorder.log).startsWith("negotiated /noise");
        assertThat(recorder.count("negotiated")).isEqualTo(1);
        assertThat(recorder.count("confirmed")).isZero();
        assertThat(recorder.received()).isEqualTo(join(DATA, messages("na")));
        assertThat(channel.pipeline().get(MultistreamInitiator.class)).isNull();
    }

    @Test
    void flushesWhatTheNextHandlerWritesAtOnce() {
        sent(channel);
        recorder.writing((byte) 42);

        receive(channel, messages(HEADER, "/tls/1.0.0"));

        assertThat(sent(channel)).containsExactly(42);
        assertThat(counter.flushes).isEqualTo(2);
    }

    @Test
    @Conforms("MSS-8")
    @DisplayName("fails with its proposals when all are refused, and discards what follows")
    void failsWhenAllAreRefused() {
        receive(channel, join(messages(HEADER, "na", "na"), DATA));
        receive(channel, messages("/noise"));

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure())
                .isInstanceOfSatisfying(
                        UnsupportedProtocolException.class,
                        e -> assertThat(e.proposals()).containsExactly(TLS, NOISE));
    }

    @ParameterizedTest
    @Conforms("MSS-9")
    @DisplayName("any other answer fails")
    @ValueSource(strings = {"/noise", "/tls", "/tls/1.0.0 ", "ls", "", HEADER})
    void failsAtAnyOtherAnswer(String answer) {
        receive(channel, messages(HEADER, answer));

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @ParameterizedTest
    @Conforms("MSS-5")
    @DisplayName("SEC-9: the header comes first")
    @ValueSource(strings = {"/tls/1.0.0", "na", "/multistream/1.0.1"})
    void failsWithoutTheHeader(String first) {
        receive(channel, messages(first));

        assertThat(recorder.log).containsExactly("failed");
    }

    @Test
    void failsAtAnEndOfInput() {
        receive(channel, messages(HEADER));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.close().isSuccess()).isTrue();

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    void startsOnceWhenTheChannelBecomesActive() {
        LateChannel late = new LateChannel(MultistreamInitiator.lazy(NOISE, recorder));
        assertThat(recorder.log).isEmpty();

        late.isConnected = true;
        late.pipeline().fireChannelActive();
        assertThat(recorder.activations())
                .as("passed by before there was a next handler")
                .isZero();
        late.pipeline().fireChannelActive();

        assertThat(sent(late)).isEqualTo(messages(HEADER, "/noise"));
        assertThat(recorder.log).containsExactly("negotiated /noise");
        late.finishAndReleaseAll();
    }

    @Test
    void asksForInputOnAChannelThatDoesNotReadByItself() {
        Wires.Counter asked = new Wires.Counter();
        EmbeddedChannel quiet = new EmbeddedChannel();
        quiet.config().setAutoRead(false);
        quiet.pipeline().addLast(asked, MultistreamInitiator.waiting(List.of(TLS, NOISE), recorder));
        assertThat(asked.reads).isEqualTo(1);

        receive(quiet, messages(HEADER));
        receive(quiet, messages("na"));
        assertThat(asked.reads).isEqualTo(3);
        receive(quiet, messages("/noise"));

        assertThat(recorder.log).containsExactly("negotiated /noise");
        assertThat(asked.reads).isEqualTo(3);
        quiet.finishAndReleaseAll();
    }

    @Test
    void passesOtherEventsAndExceptionsOn() {
        List<String> seen = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                seen.add(event.toString());
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                seen.add(cause.toString());
            }
        });

        channel.pipeline().fireUserEventTriggered("an event");
        channel.pipeline().fireExceptionCaught(new IllegalStateException("an exception"));
        channel.writeInbound("not bytes");

        assertThat(seen).containsExactly("an event", "java.lang.IllegalStateException: an exception");
        assertThat(channel.<String>readInbound()).isEqualTo("not bytes");
        assertThat(recorder.log).isEmpty();
    }

    /** A channel that is registered before it is connected. */
    private static final class LateChannel extends EmbeddedChannel {
        private boolean isConnected;

        LateChannel(MultistreamInitiator stage) {
            super(stage);
        }

        @Override
        public boolean isActive() {
            return isConnected && super.isActive();
        }
    }
}
