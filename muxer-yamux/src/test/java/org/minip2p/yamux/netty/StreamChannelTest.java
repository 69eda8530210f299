package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.LogCapture;
import org.minip2p.yamux.Flags;
import org.slf4j.event.Level;

/** A stream behaves as a Netty channel. */
@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class StreamChannelTest {
    @Test
    void saysWhoOpenedIt() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));

            assertThat(end.inbound(1).role()).isEqualTo(Role.RESPONDER);
            assertThat(end.open().role()).isEqualTo(Role.INITIATOR);
        }
    }

    @Test
    void hasTheAddressesAndTheAllocatorOfItsConnection() {
        try (End end = new End(Role.INITIATOR)) {
            UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
            end.channel.config().setAllocator(allocator);
            YamuxStreamChannel stream = end.open();

            assertThat(stream.parent()).isSameAs(end.channel);
            assertThat(stream.localAddress()).isNotNull().isEqualTo(end.channel.localAddress());
            assertThat(stream.remoteAddress()).isNotNull().isEqualTo(end.channel.remoteAddress());
            assertThat(stream.unsafe().localAddress()).isEqualTo(end.channel.localAddress());
            assertThat(stream.unsafe().remoteAddress()).isEqualTo(end.channel.remoteAddress());
            assertThat(stream.alloc()).isSameAs(allocator);
            assertThat(stream.metadata().hasDisconnect()).isFalse();
            assertThat(stream.unsafe().recvBufAllocHandle()).isNotNull();
            assertThat(stream.unsafe().voidPromise()).isSameAs(stream.voidPromise());
            assertThat(stream.unsafe().outboundBuffer())
                    .as("a stream has its own queue instead")
                    .isNull();
        }
    }

    @Test
    void isOrderedByItsId() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel one = end.open();
            YamuxStreamChannel two = end.open();
            assertThat(one.compareTo(one.pipeline().channel())).isZero();
            assertThat(one.compareTo(two)).isNegative();
            assertThat(two.compareTo(one)).isPositive();
            assertThat(new TreeSet<Channel>(List.of(two, one))).containsExactly(one, two);

            ChannelId elsewhere = new StreamChannelId(DefaultChannelId.newInstance(), 1);
            ChannelId here = new StreamChannelId(DefaultChannelId.newInstance(), 3);
            assertThat(Integer.signum(here.compareTo(elsewhere)))
                    .as("ordered by connection first")
                    .isEqualTo(-Integer.signum(elsewhere.compareTo(here)))
                    .isNotZero();
            assertThat(one.id().compareTo(end.channel.id())).isPositive();
            assertThat(one.id().asShortText()).isEqualTo(end.channel.id().asShortText() + "/1");
            assertThat(one.id()).hasToString(one.id().asShortText());
        }
    }

    @Test
    void isNamedByWhoeverKnowsWhatItIsFor() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            assertThat(stream.label()).isNull();
            assertThat(stream.toString())
                    .startsWith(end.channel.toString())
                    .contains("stream 1 ")
                    .doesNotContain("null");

            stream.label("/ping/1.0.0");

            assertThat(stream.label()).isEqualTo("/ping/1.0.0");
            assertThat(stream.toString()).endsWith(" /ping/1.0.0");
        }
    }

    @Test
    void isRegisteredFromItsInitializerOnAndActiveAfterIt() {
        List<String> states = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> states.add("in: " + state(stream));
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            YamuxStreamChannel own = end.open(stream -> states.add("in: " + state(stream)));
            states.add("opened: " + state(own));
            own.reset(0);
            states.add("reset: " + state(own));

            assertThat(states)
                    .containsExactly(
                            "in: open registered",
                            "in: open registered",
                            "opened: open registered active",
                            "reset: closed");
            assertThat(state(end.inbound(1))).isEqualTo("open registered active");
        }
    }

    @Test
    void isNotActiveWhileHandlersArePutInLater() throws Exception {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.initialize(() -> {
                assertThat(stream.isActive()).isFalse();
                return stream;
            });
            assertThat(stream.isActive()).isTrue();

            IOException fault = new IOException("provoked by the test");
            assertThatThrownBy(() -> stream.initialize(() -> {
                        throw fault;
                    }))
                    .isSameAs(fault);
            assertThat(stream.isActive()).as("although the initializer failed").isTrue();
        }
    }

    private static String state(Channel channel) {
        return (channel.isOpen() ? "open" : "closed")
                + (channel.isRegistered() ? " registered" : "")
                + (channel.isActive() ? " active" : "");
    }

    @Test
    void saysWhichDirectionsAreShutDown() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            assertShutdown(stream, false, false);
            stream.shutdownInput();
            assertShutdown(stream, true, false);
            stream.shutdownOutput();
            assertShutdown(stream, true, true);

            YamuxStreamChannel other = end.open();
            other.shutdownOutput();
            assertShutdown(other, false, true);
            end.receive(Frame.data(Flags.FIN, 3, ""));
            assertShutdown(other, true, true);

            YamuxStreamChannel both = end.open();
            end.sent();
            assertThat(both.shutdown().isSuccess()).isTrue();
            assertShutdown(both, true, true);
            assertThat(end.sent()).containsExactly(Frame.data(Flags.FIN, 5, ""));
            assertThat(both.isOpen()).isTrue();

            YamuxStreamChannel gone = end.open();
            gone.reset(0);
            assertShutdown(gone, true, true);
            assertThat(gone.shutdownInput().isSuccess()).isTrue();
        }
    }

    private static void assertShutdown(YamuxStreamChannel stream, boolean input, boolean output) {
        assertThat(stream.isInputShutdown()).isEqualTo(input);
        assertThat(stream.isOutputShutdown()).isEqualTo(output);
        assertThat(stream.isShutdown()).isEqualTo(input && output);
    }

    @Test
    void takesResetCodesOf32Bits() {
        try (End end = new End(Role.INITIATOR)) {
            for (long code : new long[] {0, 0xffff_ffffL}) {
                YamuxStreamChannel stream = end.open();
                end.sent();
                stream.reset(code);
                assertThat(end.sent()).containsExactly(Frame.reset(stream.streamId(), code));
            }
            YamuxStreamChannel stream = end.open();
            for (long code : new long[] {-1, 0x1_0000_0000L}) {
                assertThatThrownBy(() -> stream.reset(code))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("a reset code has 32 bits: " + code);
            }
            assertThat(stream.isOpen()).isTrue();
        }
    }

    @Test
    @Conforms("YMX-76")
    void whatIsRefusedCountsAgainstThePeer() {
        try (End end = new End(Role.RESPONDER)) {
            for (long i = 0; i <= 2048; i++) {
                assertThat(end.ended).isZero();
                long id = 1 + 2 * i;
                end.receive(Frame.data(Flags.SYN, id, "nonsense"));
                end.inbound(id).refuse(0x5001);
                if (i == 0) {
                    assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.ACK, 1, 0), Frame.reset(1, 0x5001));
                }
            }
            end.receive(Frame.ping(Flags.SYN, 1));

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.sent()).endsWith(Frame.goAway(0x1002));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind", "connect", "deregister", "register"})
    void refusesWhatAStreamCannotDo(String what) {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            ChannelPromise promise = stream.newPromise();
            switch (what) {
                case "bind" -> stream.bind(end.channel.localAddress(), promise);
                case "connect" -> stream.connect(end.channel.remoteAddress(), promise);
                case "deregister" -> stream.deregister(promise);
                default -> stream.unsafe().register(stream.eventLoop(), promise);
            }

            assertThat(promise.cause())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("a stream ");
            assertThat(stream.isActive()).isTrue();
        }
    }

    @Test
    void closesByDisconnectAndByForce() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel polite = end.open();
            YamuxStreamChannel forced = end.open();
            end.sent();
            polite.disconnect();
            assertThat(end.sent()).containsExactly(Frame.data(Flags.FIN, 1, ""));
            forced.unsafe().closeForcibly();

            assertThat(end.sent()).containsExactly(Frame.reset(3, 0));
            assertThat(forced.isOpen()).isFalse();
        }
    }

    @Test
    void takesVoidPromises() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.writeAndFlush(End.bytes("x"), stream.voidPromise());
            stream.shutdownOutput(stream.voidPromise());
            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 1, "x"), Frame.data(Flags.FIN, 1, ""));

            stream.unsafe().close(stream.voidPromise());
            end.channel.runPendingTasks();

            assertThat(stream.isOpen()).isFalse();
            assertThat(end.recorder(1).events).containsExactly("active", "inactive");
        }
    }

    @Test
    void writesNothingThatWasCancelledBefore() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ByteBuf bytes = End.bytes("x");
            ChannelPromise write = stream.newPromise();
            write.cancel(false);
            stream.unsafe().write(bytes, write);
            stream.flush();
            assertThat(end.sent()).isEmpty();
            assertThat(bytes.refCnt()).isZero();

            ChannelPromise close = stream.newPromise();
            close.cancel(false);
            stream.unsafe().close(close);
            ChannelPromise bind = stream.newPromise();
            bind.cancel(false);
            stream.unsafe().bind(end.channel.localAddress(), bind);

            assertThat(stream.isActive()).isTrue();
        }
    }

    @Test
    void writesOfAClosedStreamFail() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.close();
            end.sent();
            ByteBuf bytes = End.bytes("x");

            assertThat(stream.writeAndFlush(bytes).cause()).isInstanceOf(ClosedChannelException.class);

            assertThat(bytes.refCnt()).isZero();
            assertThat(stream.shutdownOutput().isSuccess()).as("already done").isTrue();
            assertThat(stream.close().isSuccess()).isTrue();
            stream.read();
            assertThat(end.sent()).isEmpty();
        }
    }

    @Test
    void hasTheOptionsOfNettysChannels() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            StreamConfig config = (StreamConfig) stream.config();
            assertThat(config.isAllowHalfClosure()).isTrue();
            assertThat(config.getOption(ChannelOption.ALLOW_HALF_CLOSURE)).isTrue();
            assertThat(config.getOptions()).containsEntry(ChannelOption.ALLOW_HALF_CLOSURE, true);
            assertThat(config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false))
                    .isTrue();
            assertThat(config.isAllowHalfClosure()).isFalse();
            assertThat(config.setAllowHalfClosure(true)).isSameAs(config);
            assertThat(config.getOption(ChannelOption.ALLOW_HALF_CLOSURE)).isTrue();
            assertThat(config.setOption(ChannelOption.SO_KEEPALIVE, true))
                    .as("a stream does not have this option")
                    .isFalse();
            assertThat(config.setOption(ChannelOption.AUTO_CLOSE, false)).isTrue();
            assertThat(config.getOption(ChannelOption.AUTO_CLOSE)).isFalse();

            ByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
            RecvByteBufAllocator receiver = new FixedRecvByteBufAllocator(7);
            MessageSizeEstimator estimator = new DefaultMessageSizeEstimator(3);
            WriteBufferWaterMark marks = new WriteBufferWaterMark(3, 5);
            assertThat(config.setAllocator(allocator).getAllocator()).isSameAs(allocator);
            assertThat(config.setRecvByteBufAllocator(receiver).<RecvByteBufAllocator>getRecvByteBufAllocator())
                    .isSameAs(receiver);
            assertThat(config.setMessageSizeEstimator(estimator).getMessageSizeEstimator())
                    .isSameAs(estimator);
            assertThat(config.setWriteBufferWaterMark(marks).getWriteBufferWaterMark())
                    .isSameAs(marks);
            assertThat(config.setWriteSpinCount(9).getWriteSpinCount()).isEqualTo(9);
            assertThat(config.setAutoClose(true).isAutoClose()).isTrue();
            assertThat(config.setAutoRead(false).isAutoRead()).isFalse();
        }
    }

    /**
     * An unhandled failure of a handler resets its stream. A second failure, after the stream has ended, has no effect.
     */
    @Test
    void anErrorThatNobodyTookEndsTheStreamOnce() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.pipeline().remove(Recorder.class);
            stream.pipeline().fireExceptionCaught(new IOException("provoked by the test"));
            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
            assertThat(stream.isOpen()).isFalse();

            stream.pipeline().fireExceptionCaught(new IOException("provoked by the test"));

            assertThat(end.sent()).isEmpty();
        }
    }

    /**
     * Failures of the peer or the network are not our fault. A failure of a handler is, so the log has its stack trace.
     */
    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void anErrorThatNobodyTookIsLoudWhenItIsAFaultOfTheHandler() throws Exception {
        try (LogCapture log = new LogCapture(StreamPipeline.class);
                End end = new End(Role.INITIATOR)) {
            List<Throwable> causes = List.of(
                    new IOException("of the network"),
                    new NegotiationFailedException("of the peer"),
                    new IllegalStateException("of the handler"));
            for (Throwable cause : causes) {
                YamuxStreamChannel stream = end.open();
                stream.pipeline().remove(Recorder.class);
                stream.pipeline().fireExceptionCaught(cause);
            }

            assertThat(log.lines(Level.DEBUG)).hasSize(2);
            assertThat(log.lines(Level.DEBUG).get(0)).contains("of the network");
            assertThat(log.lines(Level.DEBUG).get(1)).contains("of the peer");
            assertThat(log.lines(Level.WARN)).hasSize(1);
            assertThat(log.otherLines().get(0)).isEqualTo(causes.get(2).toString());
            end.sent();
        }
    }

    /** As in every Netty channel: within the round of reading, after its bytes. */
    @Test
    void tellsTheEndOfARoundOfReadingAfterItsBytesAndBeforeTheEndOfInput() {
        List<String> events = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.pipeline().addLast(new Rounds(events));
            end.receive(Frame.data(Flags.SYN, 1, "a"), Frame.data(Flags.NONE, 1, "b"));
            assertThat(events).containsExactly("read", "read", "complete");
            events.clear();

            end.receive(Frame.data(Flags.NONE, 1, "c"), Frame.data(Flags.FIN, 1, "d"));

            assertThat(events).containsExactly("read", "read", "complete", "event");
        }
    }

    /** As in Netty's sockets: handlers flush at the end of a round, so rounds must not be long. */
    @Test
    void aRoundOfReadingWhatWaitedHas16BuffersAtMost() {
        List<String> events = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Rounds(events));
            };
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            for (int i = 0; i < 40; i++) {
                end.receive(Frame.data(Flags.NONE, 1, End.text(1000)));
            }
            end.inbound(1).config().setAutoRead(true);

            List<String> expected = new ArrayList<>();
            for (int round : new int[] {16, 16, 8}) {
                expected.addAll(Collections.nCopies(round, "read"));
                expected.add("complete");
            }
            assertThat(events).isEqualTo(expected);
        }
    }

    @Test
    void aRoundOfReadingEndsWithItsStream() {
        List<String> events = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Rounds(events), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ctx.fireChannelRead(msg);
                        stream.reset(0);
                    }
                });
            };
            for (long id = 1; id <= 3; id += 2) {
                end.receive(Frame.windowUpdate(Flags.SYN, id, 0));
                end.receive(Frame.data(Flags.NONE, id, End.text(1000)));
                end.receive(Frame.data(Flags.NONE, id, End.text(1000)));
            }
            end.inbound(1).config().setAutoRead(true);
            assertThat(events).as("of the data that waited").containsExactly("read");

            end.receive(Frame.windowUpdate(Flags.SYN, 5, 0));
            end.inbound(5).config().setAutoRead(true);
            end.receive(Frame.data(Flags.NONE, 5, "a"), Frame.data(Flags.NONE, 5, "b"));
            assertThat(events).as("of the data that came").containsExactly("read", "read");
        }
    }

    private static final class Rounds extends ChannelInboundHandlerAdapter {
        private final List<String> events;

        Rounds(List<String> events) {
            this.events = events;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            events.add("read");
            ctx.fireChannelRead(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            events.add("complete");
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add("event");
            ctx.fireUserEventTriggered(event);
        }
    }

    @Test
    void saysWhatMayBeWrittenBeforeItIsNotWritableAndWhatHasToLeaveBeforeItIs() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
            assertThat(stream.bytesBeforeUnwritable()).isEqualTo(21);
            assertThat(stream.bytesBeforeWritable()).isZero();
            ChannelFuture dropped = stream.write(End.bytes(25));
            assertThat(stream.bytesBeforeUnwritable()).isZero();
            assertThat(stream.bytesBeforeWritable()).isEqualTo(16);

            stream.reset(0);

            assertThat(dropped.isDone()).isTrue();
            assertThat(stream.isWritable()).isFalse();
            assertThat(stream.bytesBeforeUnwritable()).isZero();
            assertThat(stream.bytesBeforeWritable()).as("nothing waits").isZero();
        }
    }
}
