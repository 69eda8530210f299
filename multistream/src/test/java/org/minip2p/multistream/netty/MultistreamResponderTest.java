package org.minip2p.multistream.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.multistream.Wire.HEADER;
import static org.minip2p.multistream.Wire.join;
import static org.minip2p.multistream.Wire.messages;
import static org.minip2p.multistream.netty.Wires.receive;
import static org.minip2p.multistream.netty.Wires.receiveInPieces;
import static org.minip2p.multistream.netty.Wires.sent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.multistream.MultistreamConfig;

class MultistreamResponderTest {
    private static final ProtocolId NOISE = new ProtocolId("/noise");
    private static final byte[] DATA = {0, 1, 2, 3, '\n'};

    private final Recorder recorder = new Recorder();
    private final MultistreamResponder responder =
            new MultistreamResponder(NOISE::equals, MultistreamConfig.defaults(), recorder);
    private final Wires.Counter counter = new Wires.Counter();
    private final EmbeddedChannel channel = new EmbeddedChannel(counter, responder);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @Conforms({"MSS-20", "MSS-21"})
    @DisplayName("SEC-73: the bytes after the proposal are passed on in order, in pieces of any size")
    @ValueSource(ints = {1, 2, 3, 7, 19, 20, 21, 27, 28, 29, 1000})
    void forwardsWhatFollowsTheProposal(int pieceBytes) {
        receiveInPieces(channel, join(messages(HEADER, "/noise"), DATA, messages(HEADER, "/noise")), pieceBytes);

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "/noise"));
        assertThat(recorder.log).startsWith("negotiated /noise");
        assertThat(recorder.count("negotiated")).isEqualTo(1);
        assertThat(recorder.received()).isEqualTo(join(DATA, messages(HEADER, "/noise")));
        assertThat(channel.pipeline().get(MultistreamResponder.class)).isNull();
    }

    @Test
    @Conforms("MSS-10")
    @DisplayName("header and echo leave in one write, the next handler's first bytes in another, both in one flush")
    void sendsHeaderAndEchoTogether() {
        recorder.writing((byte) 42);

        receive(channel, messages(HEADER, "/noise"));

        assertThat(sent(channel)).isEqualTo(join(messages(HEADER, "/noise"), new byte[] {42}));
        assertThat(counter.writes).isEqualTo(2);
        assertThat(counter.flushes).isEqualTo(1);
    }

    @Test
    @Conforms("MSS-4")
    @DisplayName("an initiator that waits for our header before it proposes gets it")
    void answersALoneHeader() {
        assertThat(sent(channel)).isEmpty();

        receive(channel, messages(HEADER));
        assertThat(sent(channel)).isEqualTo(messages(HEADER));

        receive(channel, messages("/noise"));
        assertThat(sent(channel)).isEqualTo(messages("/noise"));
    }

    @Test
    @Conforms({"MSS-7", "MSS-25"})
    @DisplayName("SEC-11: ls and unknown ids are answered with na, in one flush")
    void refusesAndGoesOn() {
        receive(channel, messages(HEADER, "/tls/1.0.0", "ls", "noise", "/noise"));

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "na", "na", "na", "/noise"));
        assertThat(counter.flushes).isEqualTo(1);
        assertThat(recorder.log).containsExactly("negotiated /noise");
    }

    @Test
    @Conforms("MSS-27")
    @DisplayName("SEC-10: the 17th proposal fails")
    void failsAtTheSeventeenthProposal() {
        receive(channel, messages(HEADER));
        sent(channel);
        for (int i = 0; i < 16; i++) {
            receive(channel, messages("/unknown/" + i));
            assertThat(sent(channel)).isEqualTo(messages("na"));
        }

        receive(channel, messages("/noise"));

        assertThat(sent(channel)).isEmpty();
        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @DisplayName("SEC-8: 10 MB of zeros fail at the first byte and are not answered")
    void failsAtTheFirstOfManyZeros() {
        for (int i = 0; i < 160; i++) {
            receive(channel, new byte[65_536]);
        }

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("length 0");
        assertThat(counter.writes).isZero();
    }

    @Test
    @DisplayName("SEC-8: zeros after a header and a proposal cause no further answer")
    void answersOnceBeforeZeros() {
        receive(channel, join(messages(HEADER, "/unknown"), new byte[65_536]));
        receive(channel, new byte[65_536]);

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "na"));
        assertThat(counter.writes).isEqualTo(1);
        assertThat(recorder.log).containsExactly("failed");
    }

    @ParameterizedTest
    @Conforms({"MSS-13", "MSS-14", "MSS-15", "MSS-16"})
    @DisplayName("SEC-12: an invalid message fails at once, and later input is discarded")
    @ValueSource(strings = {"8108", "8080808008", "ffffffffffffffffffff", "8100", "00", "0261620a", "062f610a2f620a"})
    void failsAtWhatIsNoMessage(String hex) {
        receive(channel, join(messages(HEADER), HexFormat.of().parseHex(hex)));
        receive(channel, messages("/noise"));

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
        assertThat(sent(channel)).isEmpty();
    }

    @ParameterizedTest
    @Conforms("MSS-5")
    @DisplayName("SEC-9: the header comes first")
    @ValueSource(strings = {"/noise", "/multistream/1.0.1", "na", "ls"})
    void failsWithoutTheHeader(String first) {
        receive(channel, messages(first, "/noise"));

        assertThat(recorder.log).containsExactly("failed");
        assertThat(sent(channel)).isEmpty();
    }

    @Test
    @Conforms("MSS-28")
    @DisplayName("SEC-9: the header comes once")
    void failsAtASecondHeader() {
        receive(channel, messages(HEADER, HEADER, "/noise"));

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @Conforms("MSS-35")
    @DisplayName("SEC-16: after a refusal, data of the refused protocol means 'not supported'; the na has been sent")
    void takesTheDataOfARefusedProtocolForUnsupported() {
        receive(channel, join(messages(HEADER, "/unknown"), new byte[32]));

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "na"));
        assertThat(recorder.failure()).isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    @Conforms("MSS-35")
    @DisplayName("after a refusal, the end of the input means 'not supported'")
    void takesAnEndBehindARefusalForUnsupported() {
        receive(channel, messages(HEADER, "/unknown"));

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    @Conforms("MSS-37")
    @DisplayName("an initiator that has half-closed is answered, and its end of the input is passed on after its data")
    void finishesWhenTheInitiatorHasHalfClosed() {
        receive(channel, join(messages(HEADER, "/noise"), DATA));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "/noise"));
        assertThat(recorder.log)
                .containsExactly("negotiated /noise", "data 000102030a", "event ChannelInputShutdownEvent");
    }

    @Test
    @Conforms("MSS-15")
    @DisplayName("an end of the input before a proposal fails, and is not passed on as the end of any data")
    void failsAtAnEndOfInput() {
        receive(channel, HexFormat.of().parseHex("132f6d75"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.close().isSuccess()).isTrue();

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("inside a message");
    }

    @Test
    void failsOnceWhenTheChannelCloses() {
        assertThat(channel.close().isSuccess()).isTrue();

        assertThat(recorder.log).containsExactly("failed");
        assertThat(recorder.failure()).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @DisplayName("SEC-73: input that comes while the next handler is installed is passed on after the earlier bytes")
    void keepsTheOrderOfWhatComesDuringTheHandOver() {
        recorder.doing(ctx -> {
            ctx.pipeline().fireChannelRead(Wires.buffer(channel, (byte) 9));
            ctx.pipeline().fireChannelReadComplete();
            ctx.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            ctx.pipeline().fireChannelInactive();
        });

        receive(channel, join(messages(HEADER, "/noise"), new byte[] {8}));

        assertThat(recorder.log)
                .containsExactly(
                        "negotiated /noise", "data 08", "data 09", "event ChannelInputShutdownEvent", "inactive");
    }

    @Test
    @DisplayName("SEC-73: the end of a read that comes while the next handler is installed is passed on after the bytes"
            + " before it")
    void passesTheEndOfAReadOnBehindItsBytes() {
        List<String> seen = new ArrayList<>();
        recorder.doing(ctx -> {
            ctx.pipeline().replace("next", "counting", new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext next, Object message) {
                    seen.add("data");
                    ReferenceCountUtil.release(message);
                }

                @Override
                public void channelReadComplete(ChannelHandlerContext next) {
                    seen.add("complete");
                }
            });
            ctx.pipeline().fireChannelReadComplete();
        });

        receive(channel, join(messages(HEADER, "/noise"), DATA));

        assertThat(seen)
                .as("the event that was fired meanwhile, and the channel's own")
                .containsExactly("data", "complete", "complete");
    }

    @Test
    void releasesEverythingWhenTheOwnerThrows() {
        recorder.doing(ctx -> {
            ctx.pipeline().fireChannelRead(Wires.buffer(channel, (byte) 9));
            throw new IllegalStateException("a fault of the owner");
        });
        ByteBuf in = Wires.buffer(channel, join(messages(HEADER, "/noise"), DATA));

        channel.writeInbound(in);

        assertThat(recorder.log).containsExactly("negotiated /noise", "exception a fault of the owner");
        assertThat(in.refCnt()).isZero();
        assertThat(recorder.received()).isEmpty();
    }

    @Test
    void releasesEverythingWhenTheOwnerThrowsOnAFailure() {
        NegotiationListener faulty = new NegotiationListener() {
            @Override
            public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
                throw new AssertionError("agreed on " + protocol);
            }

            @Override
            public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
                throw new IllegalStateException("a fault of the owner");
            }
        };
        EmbeddedChannel failing =
                new EmbeddedChannel(new MultistreamResponder(NOISE::equals, MultistreamConfig.defaults(), faulty));
        ByteBuf in = Wires.buffer(failing, join(messages("/noise"), DATA));

        assertThatThrownBy(() -> failing.writeInbound(in)).hasMessage("a fault of the owner");

        assertThat(in.refCnt()).isZero();
        failing.finishAndReleaseAll();
    }

    @Test
    void forwardsTheBufferThatCameWithoutCopying() {
        ByteBuf in = Wires.buffer(channel, join(messages(HEADER, "/noise"), DATA));
        recorder.doing(ctx -> ctx.pipeline().remove("next"));

        channel.writeInbound(in);

        ByteBuf forwarded = channel.readInbound();
        assertThat(forwarded.memoryAddress()).isEqualTo(in.memoryAddress() + in.readerIndex());
        assertThat(forwarded.readerIndex())
                .as("as in the first buffer from a socket")
                .isZero();
        assertThat(forwarded.readableBytes()).isEqualTo(DATA.length);
        forwarded.release();
    }

    @Test
    void readsBuffersMadeOfSeveral() {
        CompositeByteBuf in = channel.alloc().compositeBuffer();
        in.addComponent(true, Wires.buffer(channel, messages(HEADER)));
        in.addComponent(true, Wires.buffer(channel, (byte) 7, (byte) '/'));
        in.addComponent(true, Wires.buffer(channel, join("noise\n".getBytes(UTF_8), DATA)));

        channel.writeInbound(in);

        assertThat(sent(channel)).isEqualTo(messages(HEADER, "/noise"));
        assertThat(recorder.received()).isEqualTo(DATA);
    }

    @Test
    @DisplayName("SEC-14: an echo that cannot be written is not the negotiation's failure")
    void isDoneEvenIfTheEchoCannotBeWritten() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IOException("the stream was reset"));
            }
        });

        receive(channel, join(messages(HEADER, "/noise"), DATA));

        assertThat(recorder.log).containsExactly("negotiated /noise", "data 000102030a");
    }

    @Test
    void leavesWhenTheOwnerHasRemovedItAlready() {
        recorder.doing(ctx -> ctx.pipeline().remove(responder));

        receive(channel, join(messages(HEADER, "/noise"), DATA));

        assertThat(recorder.log).containsExactly("negotiated /noise", "data 000102030a");
    }

    @Test
    void asksForInputOnAChannelThatDoesNotReadByItself() {
        Wires.Counter asked = new Wires.Counter();
        EmbeddedChannel quiet = new EmbeddedChannel();
        quiet.config().setAutoRead(false);
        quiet.pipeline()
                .addLast(asked, new MultistreamResponder(NOISE::equals, MultistreamConfig.defaults(), recorder));
        assertThat(asked.reads).isEqualTo(1);

        receive(quiet, messages(HEADER));
        assertThat(asked.reads).isEqualTo(2);
        receive(quiet, messages("/noise"));

        assertThat(recorder.log).containsExactly("negotiated /noise");
        assertThat(asked.reads).as("the next handler has not asked").isEqualTo(2);
        quiet.finishAndReleaseAll();
    }

    @Test
    void asksForNothingMoreWhenTheNextHandlerTurnsAutoReadOff() {
        recorder.doing(ctx -> ctx.channel().config().setAutoRead(false));
        int asked = counter.reads;

        receive(channel, messages(HEADER, "/noise"));

        assertThat(asked).as("the reads that the channel itself asked for").isPositive();
        assertThat(counter.reads).isEqualTo(asked);
    }
}
