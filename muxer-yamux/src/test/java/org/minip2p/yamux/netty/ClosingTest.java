package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;

@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class ClosingTest {
    @Test
    @Conforms({"YMX-26", "YMX-28", "YMX-29"})
    void sendsFinOnItsOwnFrameBehindAcceptedWrites() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ChannelFuture write = stream.write(End.bytes("never flushed"));
            ChannelFuture shutdown = stream.shutdownOutput();

            assertThat(end.sent())
                    .containsExactly(Frame.data(Flags.NONE, 1, "never flushed"), Frame.data(Flags.FIN, 1, ""));
            assertThat(write.isSuccess()).isTrue();
            assertThat(shutdown.isSuccess()).isTrue();
            assertThat(stream.isOutputShutdown()).isTrue();
            assertThat(stream.isOpen()).isTrue();
            assertThat(End.send(stream, "x").cause()).isInstanceOf(ChannelOutputShutdownException.class);
            assertThat(stream.shutdownOutput().isSuccess()).isTrue();
            end.receive(Frame.data(Flags.NONE, 1, "an answer"));
            assertThat(end.recorder(1).text).hasToString("an answer");
        }
    }

    @Test
    void keepsFinBackUntilThereWasCreditForTheDataBeforeIt() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.write(End.bytes(262_144));
            stream.write(End.bytes("last"));
            ChannelFuture shutdown = stream.shutdownOutput();
            assertThat(end.sent()).noneMatch(frame -> frame.has(Flags.FIN));
            assertThat(shutdown.isDone()).isFalse();

            end.receive(Frame.windowUpdate(Flags.NONE, 1, 4));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 1, "last"), Frame.data(Flags.FIN, 1, ""));
            assertThat(shutdown.isSuccess()).isTrue();
        }
    }

    @Test
    @Conforms({"YMX-29", "YMX-30", "YMX-34"})
    void deliversDataBeforeTheEndOfInputAndTheEndOnce() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.receive(
                    Frame.data(Flags.FIN, 1, "last byte"), Frame.data(Flags.FIN, 1, ""), Frame.windowUpdate(4, 1, 0));

            assertThat(end.recorder(1).text).hasToString("last byte");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown");
            assertThat(end.inbound(1).isInputShutdown()).isTrue();
            assertThat(End.send(end.inbound(1), "answer").isSuccess()).isTrue();
        }
    }

    /** Between the last byte and the end of the input comes the read that autoRead requests at the end of the round. */
    @Test
    void tellsTheEndOfInputBeforeItClosesAStreamWhoseOutputHasEnded() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.shutdownOutput();
            end.sent();

            end.receive(Frame.data(Flags.FIN, 1, "an answer"));

            assertThat(end.recorder(1).text).hasToString("an answer");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "inactive");
            assertThat(stream.isOpen()).isFalse();
        }
    }

    @Test
    void tellsTheEndOfInputOnlyAfterTheLastByteWasAskedFor() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "unread"));
            assertThat(end.recorder(1).events).containsExactly("active");

            end.inbound(1).read();

            assertThat(end.recorder(1).text).hasToString("unread");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown");
        }
    }

    @Test
    void closesInsteadOfHalfClosingWhenAskedTo() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));

            assertThat(end.sent()).contains(Frame.data(Flags.FIN, 1, ""));
            assertThat(end.recorder(1).events).containsExactly("active", "inactive");
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    @Conforms("YMX-32")
    void closesWithFinAfterAcceptedWritesAndThrowsInputAway() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ChannelFuture write = stream.write(End.bytes("x".repeat(300_000)));
            ChannelFuture close = stream.close();
            end.sent();
            assertThat(write.isDone()).as("there is not enough credit").isFalse();
            assertThat(close.isDone()).isFalse();
            assertThat(End.send(stream, "x").cause()).isInstanceOf(ClosedChannelException.class);

            end.receive(Frame.data(Flags.NONE, 1, "thrown away"), Frame.windowUpdate(Flags.NONE, 1, 100_000));

            assertThat(end.sent()).last().isEqualTo(Frame.data(Flags.FIN, 1, ""));
            assertThat(write.isSuccess()).isTrue();
            assertThat(close.isSuccess()).isTrue();
            assertThat(stream.closeFuture().isSuccess()).isTrue();
            assertThat(end.recorder(1).bytes).isZero();
            assertThat(end.recorder(1).events).endsWith("inactive");
            assertThat(end.yamux.openStreams()).as("open until the peer's FIN").isEqualTo(1);

            end.receive(Frame.data(Flags.FIN, 1, ""));
            assertThat(end.yamux.openStreams()).isZero();
            end.advance(100);
            assertThat(end.sent()).isEmpty();
        }
    }

    /** TCP does the same. The peer should not send data that will not be read. */
    @Test
    void answersDataBehindItsOwnEndWithAReset() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            End.send(stream, "all");
            ChannelFuture close = stream.close();
            assertThat(end.sent()).last().isEqualTo(Frame.data(Flags.FIN, 1, ""));

            end.receive(Frame.data(Flags.NONE, 1, "x".repeat(4096)));
            assertThat(end.sent()).as("it may answer an earlier write").isEmpty();
            end.receive(Frame.data(Flags.NONE, 1, "late"), Frame.data(Flags.FIN, 1, "er"));

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
            assertThat(close.isSuccess()).isTrue();
            assertThat(end.recorder(1).events).doesNotContain("error");
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    /**
     * Data that was written before the close must arrive. On a reset, a peer may drop the data that it has not read, so
     * the reset would destroy it.
     */
    @Test
    void doesNotResetWhileAcceptedWritesAreLeaving() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.write(End.bytes(300_000));
            ChannelFuture close = stream.close();
            end.sent();

            end.receive(Frame.data(Flags.NONE, 1, "thrown away"));
            assertThat(end.sent()).isEmpty();

            end.receive(Frame.windowUpdate(Flags.NONE, 1, 100_000));
            assertThat(close.isSuccess()).isTrue();
        }
    }

    @Test
    void resetsAClosedStreamWhenThePeersFinDoesNotCome() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.close();
            end.sent();
            end.advance(59);
            assertThat(end.sent()).isEmpty();

            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    /** The deadline is 10 s plus a second for each whole 16 KiB of the 37,856 bytes that wait for credit, so 12 s. */
    @Test
    void givesUpOnClosingWhenThePeerGivesNoCredit() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.writeAndFlush(End.bytes(262_144));
            end.sent();
            ChannelFuture write = stream.write(End.bytes(37_856));
            ChannelFuture close = stream.close();
            end.advance(11);
            assertThat(end.sent()).isEmpty();
            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
            assertThat(write.cause()).isInstanceOf(StreamResetException.class);
            assertThat(close.cause()).isInstanceOf(StreamResetException.class);
            assertThat(stream.closeFuture().isSuccess()).isTrue();
        }
    }

    // H12
    @Test
    void aPeerThatGivesCreditByTheByteDoesNotPutTheDeadlineOff() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.writeAndFlush(End.bytes(262_144));
            end.sent();
            stream.write(End.bytes(16_384));
            stream.close();
            for (int second = 0; second < 11; second++) {
                assertThat(end.yamux.openStreams()).isEqualTo(1);
                end.receive(Frame.windowUpdate(Flags.NONE, 1, 1));
                end.advance(1);
            }

            assertThat(end.sent()).last().isEqualTo(Frame.reset(1, 0));
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    void thePeerHasItsTimeFromTheFinOn() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.write(End.bytes(300_000));
            ChannelFuture close = stream.close();
            end.advance(11);
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 300_000));
            assertThat(close.isSuccess()).isTrue();
            end.sent();

            end.advance(59);
            assertThat(end.sent()).isEmpty();
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 1));
            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
        }
    }

    @Test
    void closesStreamsThatWereClosedAtDifferentTimesEachInItsOwn() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel large = end.open();
            YamuxStreamChannel small = end.open();
            YamuxStreamChannel last = end.open();
            for (YamuxStreamChannel stream : List.of(large, small, last)) {
                stream.writeAndFlush(End.bytes(262_144));
            }
            end.sent();
            large.write(End.bytes(163_840));
            large.close(); // deadline at 20 s
            end.advance(1);
            small.write(End.bytes(1));
            small.close(); // deadline at 11 s
            end.advance(1);
            last.write(End.bytes(16_384));
            last.close(); // deadline at 13 s

            end.advance(9);
            assertThat(end.sent()).containsExactly(Frame.reset(3, 0));
            end.advance(2);
            assertThat(end.sent()).containsExactly(Frame.reset(5, 0));
            end.advance(6);
            assertThat(end.sent()).isEmpty();
            end.advance(1);
            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
        }
    }

    @Test
    void closesAHalfOpenStreamThatNobodyUses() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "a request"));
            end.sent();
            end.advance(59);
            assertThat(end.inbound(1).isOpen()).isTrue();

            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.data(Flags.FIN, 1, ""));
            assertThat(end.timedOut).containsExactly(1L);
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "inactive");
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"writes", "credit"})
    void leavesAHalfOpenStreamThatIsUsed(String use) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "a request"));
            YamuxStreamChannel stream = end.inbound(1);
            stream.writeAndFlush(End.bytes(use.equals("credit") ? 262_144 : 1));
            for (int minute = 0; minute < 10; minute++) {
                end.advance(50);
                if (use.equals("credit")) {
                    end.receive(Frame.windowUpdate(Flags.NONE, 1, 1));
                } else {
                    End.send(stream, "x");
                }
                assertThat(stream.isOpen()).isTrue();
            }
            assertThat(end.timedOut).isEmpty();

            end.advance(60);
            end.advance(60);

            assertThat(stream.isOpen()).isFalse();
            assertThat(end.timedOut).containsExactly(1L);
        }
    }

    /**
     * An end that closes while its peer still sends resets the stream after its FIN. The data before the FIN is
     * complete.
     */
    @Test
    void aResetBehindTheEndOfInputDoesNotTakeWhatIsUnread() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"), Frame.reset(1, 0));
            assertThat(end.recorder(1).events).containsExactly("active");
            assertThat(End.send(end.inbound(1), "x").cause()).isInstanceOf(StreamResetException.class);

            end.inbound(1).read();
            end.channel.runPendingTasks();

            assertThat(end.recorder(1).text).hasToString("all of it");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "error", "inactive");
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    @Test
    void saysWhyAStreamWasReset() {
        try (End end = new End(Role.INITIATOR)) {
            end.open();
            end.receive(Frame.reset(1, 0x1003));

            assertThat(end.recorder(1).error).hasMessage("stream 1 was reset by the peer: rate limited (code 0x1003)");
        }
    }

    @Test
    @Conforms("YMX-39")
    void shutsInputDownWithoutAWordAndDropsWhatComes() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            assertThat(end.inbound(1).shutdownInput().isSuccess()).isTrue();
            for (int i = 0; i < 4; i++) {
                end.receive(Frame.data(Flags.NONE, 1, End.text(65_536)));
            }
            end.receive(Frame.data(Flags.NONE, 3, "other"));

            assertThat(end.recorder(1).bytes).isZero();
            assertThat(end.recorder(3).text).hasToString("other");
            assertThat(end.sentAnsweringPings()).isEmpty();
            assertThat(End.send(end.inbound(1), "answer").isSuccess()).isTrue();
            end.receive(Frame.data(Flags.FIN, 1, ""));
            end.inbound(1).shutdownOutput();
            end.channel.runPendingTasks();
            assertThat(end.inbound(1).isOpen()).isFalse();
        }
    }

    @Test
    @Conforms("YMX-35")
    void failsQueuedWritesOnResetAndSendsTheCode() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            ChannelFuture sent = End.send(stream, End.text(262_144));
            ChannelFuture queued = End.send(stream, "queued");
            end.sent();
            stream.reset(42);

            assertThat(end.sent()).containsExactly(Frame.reset(1, 42));
            assertThat(sent.isSuccess()).isTrue();
            assertThat(queued.cause()).isInstanceOfSatisfying(StreamResetException.class, reset -> {
                assertThat(reset.code()).isEqualTo(42);
                assertThat(reset.byPeer()).isFalse();
            });
            assertThat(end.recorder(1).events)
                    .startsWith("active")
                    .endsWith("inactive")
                    .doesNotContain("error");
            stream.reset(43);
            assertThat(end.sent()).isEmpty();
        }
    }

    @Test
    @Conforms({"YMX-35", "YMX-37"})
    void dropsUnsentAndUnreadDataWhenThePeerResets() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN, 1, "unread"));
            ChannelFuture queued = end.inbound(1).write(End.bytes("unflushed"));
            end.sent();
            end.receive(Frame.reset(1, 0));

            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(queued.cause()).isInstanceOf(StreamResetException.class);
            assertThat(end.sent()).as("no RST for a RST").isEmpty();
            end.inbound(1).read();
            assertThat(end.recorder(1).bytes).isZero();
        }
    }

    @Test
    @Conforms("YMX-23")
    void ignoresEverythingForStreamsThatAreGone() { // SEC-42
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));
            end.inbound(1).close();
            end.sent();
            assertThat(end.yamux.openStreams()).isZero();

            end.receive(
                    Frame.windowUpdate(Flags.NONE, 1, 10),
                    Frame.data(Flags.NONE, 1, "late"),
                    Frame.data(Flags.FIN, 1, "late"),
                    Frame.reset(1, 0),
                    Frame.windowUpdate(Flags.ACK, 1, 0),
                    Frame.data(Flags.RST, 1, "late"),
                    Frame.windowUpdate(Flags.SYN, 3, 0));

            assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.ACK, 3, 0));
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms("YMX-33")
    void resetsTheStreamOnDataAfterFin() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            end.receive(Frame.data(Flags.NONE, 1, "after FIN"), Frame.data(Flags.NONE, 3, "other"));

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0x1004));
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "error", "inactive");
            assertThat(end.recorder(1).text).hasToString("x");
            assertThat(end.recorder(3).text).hasToString("other");
        }
    }

    @Test
    @Conforms("YMX-37")
    void answersNoResetWithAReset() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.data(Flags.SYN | Flags.FIN, 3, "x"));
            end.open();
            end.sent();
            end.receive(
                    Frame.reset(1, 0),
                    Frame.data(Flags.RST, 3, ""),
                    Frame.reset(2, 7),
                    Frame.data(Flags.SYN | Flags.RST, 5, "x"),
                    Frame.reset(7, 0));

            assertThat(end.sent()).isEmpty();
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    @Conforms("YMX-38")
    void resetsAStreamWhoseHandlerFailsUnheard() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                if (stream.streamId() == 1) {
                    stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            io.netty.util.ReferenceCountUtil.release(msg);
                            throw new IllegalStateException("a handler's fault, provoked by the test");
                        }
                    });
                }
            };
            end.receive(Frame.data(Flags.SYN, 1, "x"));
            end.inbound(1).pipeline().remove(Recorder.class);
            end.receive(Frame.data(Flags.NONE, 1, "x"), Frame.data(Flags.SYN, 3, "other"));

            assertThat(end.sent()).contains(Frame.reset(1, 0));
            assertThat(end.recorder(3).text).hasToString("other");
            assertThat(end.ended).isZero();
        }
    }

    @Test
    void letsTheRestOfTheBytesBeReadAfterBothEndsHaveClosed() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "still unread"));
            end.inbound(1).shutdownOutput();
            end.sent();
            assertThat(end.inbound(1).isOpen()).isTrue();
            end.receive(Frame.goAway(0));

            end.inbound(1).read();
            end.channel.runPendingTasks();

            assertThat(end.recorder(1).text).hasToString("still unread");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "inactive");
        }
    }

    /** The protocol no longer ends such a stream. Without a reader and a deadline, it would keep its bytes forever. */
    @Test
    void whatIsUnreadAfterBothEndsHaveClosedOutlivesTheSessionForAWhile() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "nobody reads this"));
            end.inbound(1).shutdownOutput();
            end.sent();
            end.receive(Frame.goAway(0));
            assertThat(end.ended).isEqualTo(1);
            end.advance(9);
            assertThat(end.inbound(1).isOpen()).isTrue();

            end.advance(1);

            assertThat(end.inbound(1).isOpen()).isFalse();
            assertThat(end.recorder(1).bytes).isZero();
            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    /** The stream waits for its reader only as long as for any close. */
    @Test
    void whatIsUnreadBehindAResetWaitsForItsReaderForAWhile() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 3, "all of it"));
            ChannelFuture more = end.inbound(3).write(End.bytes("unflushed"));
            end.receive(Frame.reset(3, 0));
            assertThat(more.cause()).isInstanceOf(StreamResetException.class);
            assertThat(end.inbound(3).isOutputShutdown()).isTrue();
            assertThat(end.inbound(3).isInputShutdown()).isFalse();
            assertThat(end.inbound(3).shutdownOutput().cause()).isInstanceOf(StreamResetException.class);
            end.advance(9);
            assertThat(end.inbound(3).isOpen()).isTrue();

            end.advance(1);

            assertThat(end.inbound(3).isOpen()).isFalse();
            assertThat(end.yamux.openStreams()).isZero();
            assertThat(end.recorder(3).events).containsExactly("active", "error", "inactive");
            end.inbound(3).read();
            assertThat(end.recorder(3).bytes).isZero();
            end.sent();
            end.receive(Frame.ping(Flags.SYN, 1));
            assertThat(end.sent()).as("the session goes on").containsExactly(Frame.ping(Flags.ACK, 1));
        }
    }

    @Test
    void anApplicationThatClosesDoesNotWaitForWhatIsUnreadBehindAReset() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"), Frame.reset(1, 0));
            ChannelFuture close = end.inbound(1).close();
            end.channel.runPendingTasks();

            assertThat(close.cause()).isInstanceOf(StreamResetException.class);
            assertThat(end.inbound(1).isOpen()).isFalse();
            assertThat(end.recorder(1).events).containsExactly("active", "inactive");
            assertThat(end.yamux.openStreams()).isZero();
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    @Test
    void whatIsUnreadBehindAResetIsReadWithoutHalfClosureToo() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                stream.config().setAutoRead(false);
                stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            };
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"), Frame.reset(1, 0));
            end.inbound(1).read();
            end.channel.runPendingTasks();

            assertThat(end.recorder(1).text).hasToString("all of it");
            assertThat(end.recorder(1).events).containsExactly("active", "inactive");
            assertThat(end.yamux.openStreams()).isZero();
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    /**
     * Honest peers do not reuse an id. If a peer does, the rest of the first stream does not get mixed up with the
     * second one.
     */
    @Test
    void aPeerMayUseAnIdAgainWhileTheEndOfItsStreamIsLeaving() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));
            YamuxStreamChannel first = end.inbound(1);
            end.stall();
            ChannelFuture close = first.close();
            end.receive(Frame.data(Flags.SYN, 1, "again"));
            YamuxStreamChannel second = end.inbound(1);
            assertThat(second).isNotSameAs(first);
            assertThat(end.yamux.openStreams()).isEqualTo(2);

            end.unstall();

            assertThat(close.isSuccess()).isTrue();
            assertThat(end.yamux.openStreams()).isEqualTo(1);
            end.receive(Frame.data(Flags.NONE, 1, " and more"));
            assertThat(end.recorder(1).text).hasToString("again and more");
            second.reset(0);
            end.sent();
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    void closedAfterItsOwnFinItWaitsForThePeersNoLonger() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.shutdownOutput();
            end.sent();
            end.advance(1000);
            assertThat(stream.isOpen()).as("an open stream has no deadline").isTrue();
            stream.close();
            end.advance(59);
            assertThat(end.sent()).isEmpty();

            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
        }
    }

    @Test
    void aHalfOpenStreamThatEndsInTimeIsNotReported() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"), Frame.data(Flags.SYN | Flags.FIN, 3, "y"));
            end.inbound(1).close();
            end.inbound(3).reset(0);
            end.sent();
            end.advance(600);

            assertThat(end.timedOut).isEmpty();
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    /** When both FINs have been written, the protocol is done. Only the connection still has to send them. */
    @Test
    void aFinThatTheConnectionHasTakenMayTakeItsTime() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));
            end.sent();
            end.stall();
            ChannelFuture close = end.inbound(1).close();
            end.advance(600);
            assertThat(close.isDone()).isFalse();

            end.unstall();

            assertThat(close.isSuccess()).isTrue();
            assertThat(end.sent()).containsExactly(Frame.data(Flags.FIN, 1, ""));
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "inactive");
        }
    }

    @Test
    void theOwnersFaultWhenToldOfATimeOutClosesTheStreamAllTheSame() {
        try (End end = new End(Role.RESPONDER)) {
            end.onTimeOut = stream -> {
                throw new IllegalStateException("the owner's fault, provoked by the test");
            };
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));
            end.advance(60);

            assertThat(end.inbound(1).isOpen()).isFalse();
            assertThat(end.ended).isZero();
        }
    }

    @Test
    void everyPromiseOfAShutdownCompletesWithItsFin() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.writeAndFlush(End.bytes(262_145));
            List<ChannelFuture> shutdowns = List.of(stream.shutdownOutput(), stream.shutdownOutput());
            end.sent();
            assertThat(shutdowns).noneMatch(ChannelFuture::isDone);
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 1));
            assertThat(shutdowns).allMatch(ChannelFuture::isSuccess);

            YamuxStreamChannel failing = end.open();
            failing.writeAndFlush(End.bytes(262_145));
            List<ChannelFuture> failed = List.of(failing.shutdownOutput(), failing.shutdownOutput());
            failing.reset(0);
            assertThat(failed).allMatch(shutdown -> shutdown.cause() instanceof StreamResetException);
        }
    }

    @Test
    void closesStreamsInTheOrderOfTheirDeadlines() {
        try (End end = new End(Role.INITIATOR)) {
            List<YamuxStreamChannel> streams = List.of(end.open(), end.open(), end.open());
            for (YamuxStreamChannel stream : streams) {
                stream.writeAndFlush(End.bytes(262_144));
            }
            end.sent();
            streams.get(0).write(End.bytes(1));
            streams.get(0).close(); // deadline at 10 s
            streams.get(1).write(End.bytes(2 * 16_384));
            streams.get(1).close(); // deadline at 12 s
            streams.get(2).write(End.bytes(4 * 16_384));
            streams.get(2).close(); // deadline at 14 s

            end.advance(10);
            assertThat(end.sent()).containsExactly(Frame.reset(1, 0));
            end.advance(2);
            assertThat(end.sent()).containsExactly(Frame.reset(3, 0));
            end.advance(2);
            assertThat(end.sent()).containsExactly(Frame.reset(5, 0));
        }
    }

    /** A connection lasts long and has many streams over time. */
    @Test
    void nothingIsKeptOfAStreamThatHasEnded() {
        try (Pair pair = new Pair()) {
            List<WeakReference<YamuxStreamChannel>> ended = endedStreams(pair);

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
            while (!ended.stream().allMatch(stream -> stream.refersTo(null))) {
                assertThat(System.nanoTime()).as("streams are kept").isLessThan(deadline);
                System.gc();
            }
        }
    }

    private static List<WeakReference<YamuxStreamChannel>> endedStreams(Pair pair) {
        YamuxStreamChannel stream = pair.initiator.open();
        pair.pump();
        YamuxStreamChannel other = pair.other(stream);
        stream.close();
        other.close();
        pair.pump();
        for (End end : List.of(pair.initiator, pair.responder)) {
            end.inbound.clear();
            end.outbound.clear();
            end.recorders.clear();
        }
        return List.of(new WeakReference<>(stream), new WeakReference<>(other));
    }
}
