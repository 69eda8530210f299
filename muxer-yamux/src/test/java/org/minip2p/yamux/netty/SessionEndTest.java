package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.YamuxConfig;

/** After its end, a session leaves no promise incomplete, no timer running and no frame to send. */
@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class SessionEndTest {
    /** How a session is ended, and by which side. */
    private enum By {
        PEER {
            @Override
            void end(End end) {
                end.receive(Frame.goAway(0));
            }
        },
        FAULT_OF_PEER {
            @Override
            void end(End end) {
                end.receive(new Frame(FrameType.PING, Flags.SYN, 7, 1, ""));
            }
        },
        OWNER {
            @Override
            void end(End end) {
                end.yamux.shutdown(0, Duration.ZERO);
            }
        },
        OWNER_AT_ONCE {
            @Override
            void end(End end) {
                end.yamux.abort(new SessionClosedException(SessionClosedException.NO_CODE, "aborted", null));
            }
        },
        CONNECTION {
            @Override
            void end(End end) {
                end.channel.pipeline().fireExceptionCaught(new IOException("provoked by the test"));
            }
        },
        REMOVAL {
            @Override
            void end(End end) {
                end.channel.pipeline().remove(end.yamux);
            }
        };

        abstract void end(End end);
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void noTimerOutlivesIt(By by) {
        YamuxConfig config = End.CONFIG.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(30));
        try (End end = new End(Role.RESPONDER, config)) {
            end.receive(Frame.data(Flags.SYN, 1, "never answered"), Frame.data(Flags.SYN | Flags.FIN, 3, "half open"));
            end.inbound(1).close();
            if (by != By.OWNER) {
                end.yamux.shutdown(0, Duration.ofSeconds(5));
            }
            end.sent();
            end.stall();
            end.inbound(3).writeAndFlush(End.bytes(200_000));
            assertThat(end.channel.isWritable()).isFalse();
            assertThat(end.ended).isZero();

            by.end(end);
            if (end.channel.pipeline().get(Valve.class) != null) {
                end.unstall();
            }

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void promisesOfRequestsThatAreMadeWhileItEndsAreCompleted(By by) {
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1))) {
            end.open();
            List<Future<?>> again = new ArrayList<>();
            Future<?> ping = end.yamux.ping();
            Future<?> open = end.tryOpen(stream -> {});
            ping.addListener(done -> again.add(end.yamux.ping()));
            open.addListener(done -> again.add(end.tryOpen(stream -> {})));
            end.sent();

            by.end(end);
            end.sent();

            assertThat(end.ended).isEqualTo(1);
            assertThat(ping.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(open.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(again)
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.cause())
                            .isInstanceOf(SessionClosedException.class)
                            .hasMessageStartingWith("the session is over"));
        }
    }

    @Test
    void theOwnerIsToldOnceWhateverHappensAfterwards() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            By.PEER.end(end);
            end.channel.pipeline().fireExceptionCaught(new IllegalStateException("ignored after the end"));
            for (By by : By.values()) {
                by.end(end);
            }
            end.sent();

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isInstanceOf(SessionClosedException.class).hasMessageContaining("the peer ended");
            assertThat(end.counts).as("stream counts are not reported").containsExactly(1);
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    void anAbortSendsNothingAndFailsEverything() {
        SessionClosedException cause = new SessionClosedException(SessionClosedException.ABORTED, "aborted", null);
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            ChannelFuture write = end.inbound(1).write(End.bytes("never flushed"));
            end.sent();

            end.yamux.abort(cause);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isSameAs(cause);
            assertThat(write.cause()).isSameAs(cause);
            assertThat(end.tryOpen(stream -> {}).cause())
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(SessionClosedException.ABORTED));
            assertThat(end.sent()).isEmpty();
        }
    }

    // Input before the end

    @ParameterizedTest
    @CsvSource({
        "0, between frames, -2",
        "7, inside a header, -1",
        "17, inside a body, -1",
    })
    @Conforms("YMX-9")
    void theEndOfInputSaysWhetherAFrameWasCutOff(int bytes, String where, long code) {
        for (boolean halfClosed : new boolean[] {true, false}) {
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
                ByteBuf last = Frame.header(FrameType.DATA, Flags.NONE, 1, 10).writeZero(10);
                end.receive(last.writerIndex(bytes));
                if (halfClosed) {
                    end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                } else {
                    end.channel.close();
                }

                assertThat(end.endCause)
                        .hasMessageStartingWith("the connection ended " + where + " without GO_AWAY")
                        .isInstanceOfSatisfying(
                                SessionClosedException.class,
                                closed -> assertThat(closed.code()).isEqualTo(code));
            }
        }
    }

    /** The peer may send everything and leave before this end has started. */
    @Test
    void whatCameBeforeTheStartIsReadAfterItEvenIfTheInputHasEnded() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, MemoryBudget.UNLIMITED, false)) {
            end.receive(Frame.data(Flags.SYN, 1, "early"));
            end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(end.ended).isZero();

            end.yamux.start();

            assertThat(end.recorder(1).text).hasToString("early");
            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause)
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(SessionClosedException.END_OF_BYTES));
        }
    }

    @Test
    void whatCameBeforeTheStartIsThrownAwayWhenItEndsBefore() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, MemoryBudget.UNLIMITED, false)) {
            ByteBuf frame = Frame.data(Flags.SYN, 1, "early").encode();
            ByteBuf second = Frame.data(Flags.NONE, 1, "and more").encode();
            end.receive(frame);
            end.receive(second);
            end.channel.close();
            end.yamux.start();

            assertThat(frame.refCnt()).isZero();
            assertThat(second.refCnt()).isZero();
            assertThat(end.inbound).isEmpty();
            assertThat(end.ended).isEqualTo(1);
        }
    }

    /** The peer has left, so no answer can reach it. Waiting answers must not hold up its data. */
    @Test
    @Conforms("YMX-58")
    void whatCameBeforeTheEndIsReadThoughItsAnswersCannotLeave() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(200_000));
            ByteBuf pings = end.channel.alloc().buffer();
            for (int i = 0; i < 100; i++) {
                ByteBuf ping = Frame.ping(Flags.SYN, i).encode();
                pings.writeBytes(ping);
                ping.release();
            }
            end.receive(pings);
            end.receive(Frame.data(Flags.NONE, 1, "the last words"));
            assertThat(end.recorder(1).bytes).isZero();

            end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

            assertThat(end.recorder(1).text).hasToString("the last words");
            assertThat(end.ended).isEqualTo(1);
        }
    }

    @Test
    @Conforms("YMX-58")
    void buffersThatWaitForAnswersToLeaveAreReadInTheirOrder() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, MemoryBudget.UNLIMITED, false)) {
            int count = 0;
            for (int buffer = 0; buffer < 3; buffer++) {
                ByteBuf pings = end.channel.alloc().buffer();
                for (int i = 0; i < 40; i++) {
                    ByteBuf ping = Frame.ping(Flags.SYN, count++).encode();
                    pings.writeBytes(ping);
                    ping.release();
                }
                end.receive(pings);
            }
            end.stall();
            ChannelFuture filler = end.channel.write(End.bytes(200_000));
            end.yamux.start();
            assertThat(end.ended).isZero();

            end.unstall();

            assertThat(filler.isSuccess()).isTrue();
            ByteBuf sent = end.sentBytes().skipBytes(200_000);
            for (int i = 0; i < count; i++) {
                assertThat(Frame.decode(sent)).isEqualTo(Frame.ping(Flags.ACK, i));
            }
            assertThat(sent.isReadable()).isFalse();
            sent.release();
        }
    }

    @Test
    void theLastBytesOfACompleteInputAreStillReadWhenThePeerEndsTheSession() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"), Frame.data(Flags.SYN, 3, "a part"));
            end.receive(Frame.goAway(0));
            assertThat(end.recorder(1).events).containsExactly("active");
            assertThat(end.recorder(3).events).containsExactly("active", "error", "inactive");

            end.inbound(1).read();
            end.channel.runPendingTasks();

            assertThat(end.recorder(1).text).hasToString("all of it");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "error", "inactive");
            assertThat(end.recorder(1).error).isInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    void nothingIsLeftToReadWhenThisEndHasEndedTheSession() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"));
            end.channel.pipeline().fireExceptionCaught(new IOException("provoked by the test"));

            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(end.inbound(1).isOpen()).isFalse();
        }
    }

    // Output

    /** GO_AWAY comes after all data that was already written. Everything that still waits is never sent. */
    @Test
    @Conforms({"YMX-64", "YMX-65"})
    void nothingThatWaitedFollowsAGoAway() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(100_000));
            end.inbound(3).reset(7);
            end.receive(Frame.ping(Flags.SYN, 9), Frame.windowUpdate(Flags.SYN, 5, 0));

            end.yamux.shutdown(0, Duration.ZERO);
            end.receive(Frame.data(Flags.NONE, 1, End.text(10_000)), Frame.windowUpdate(Flags.SYN, 7, 0));
            end.unstall();

            List<Frame> sent = end.sent();
            assertThat(sent.subList(sent.indexOf(Frame.goAway(0)), sent.size()))
                    .as("streams are refused until it has been sent")
                    .containsExactly(Frame.goAway(0), Frame.reset(7, 0x1007));
            assertThat(sent.subList(0, sent.size() - 2)).allMatch(frame -> frame.type() == FrameType.DATA);
        }
    }

    @Test
    void sendsAndOpensNothingBeforeTheStart() {
        try (End end = new End(Role.INITIATOR, End.CONFIG, MemoryBudget.UNLIMITED, false)) {
            Future<Duration> ping = end.yamux.ping();
            Future<YamuxStreamChannel> open = end.tryOpen(stream -> {});
            assertThat(open.isDone()).isFalse();
            assertThat(end.sent()).isEmpty();

            end.yamux.start();

            assertThat(open.isSuccess()).isTrue();
            assertThat(end.sent()).extracting(Frame::type).containsExactly(FrameType.PING, FrameType.WINDOW_UPDATE);
            assertThat(ping.isDone()).isFalse();
            end.yamux.start();
            assertThat(end.sent()).as("it starts only once").isEmpty();
        }
    }

    @Test
    @Conforms("YMX-66")
    void opensThatWaitFailAsSoonAsTheSessionIsShutDown() {
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1))) {
            end.receive(Frame.data(Flags.SYN, 1, "never answered"));
            end.open();
            Future<YamuxStreamChannel> waiting = end.tryOpen(stream -> {});
            end.yamux.shutdown(0, Duration.ofSeconds(5));

            assertThat(end.ended).isZero();
            assertThat(waiting.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(end.tryOpen(stream -> {}).cause()).isInstanceOf(SessionClosedException.class);
            Future<Duration> ping = end.yamux.ping();
            assertThat(ping.isDone()).as("a ping is not a stream").isFalse();
            end.sentAnsweringPings();
            assertThat(ping.isSuccess()).isTrue();
        }
    }

    @Test
    void aSecondShutdownChangesNothing() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN, 1, "never answered"));
            end.sent();
            end.yamux.shutdown(1, Duration.ofSeconds(5));
            end.yamux.shutdown(2, Duration.ZERO);
            assertThat(end.ended).isZero();
            end.advance(5);

            assertThat(end.sent()).containsExactly(Frame.goAway(1));
            assertThat(end.ended).isEqualTo(1);
        }
    }

    @Test
    void aShutdownWaitsForNoStreamThatOwesThePeerNothing() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN, 1, "a request"), Frame.data(Flags.SYN, 3, "another"));
            end.receive(Frame.data(Flags.SYN, 5, "a third"));
            End.send(end.inbound(1), "an answer");
            End.send(end.inbound(5), "all of it");
            end.inbound(5).shutdownOutput();
            end.receive(Frame.data(Flags.NONE, 5, "more for a stream whose output has ended"));
            end.inbound(3).reset(0);
            end.open().writeAndFlush(End.bytes("a request of its own"));
            end.sent();

            end.yamux.shutdown(0, Duration.ofSeconds(5));

            assertThat(end.sent()).containsExactly(Frame.goAway(0));
            assertThat(end.ended).isEqualTo(1);
        }
    }

    // A connection that takes no bytes

    /** Bytes that leave are a sign of life. Bytes that other code writes to the connection meanwhile have no effect. */
    @Test
    @Conforms("YMX-77")
    void bytesThatLeaveAreLifeHoweverFullTheConnectionIs() {
        try (End end = new End(Role.INITIATOR)) {
            end.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1000));
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.stall();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                writes.add(stream.write(End.bytes(300)));
            }
            stream.flush();
            ChannelOutboundBuffer connection =
                    Objects.requireNonNull(end.channel.unsafe().outboundBuffer());
            end.advance(6);

            connection.addFlush();
            connection.remove(); // the header
            connection.remove(); // and the first write
            assertThat(writes.get(0).isSuccess()).isTrue();
            ChannelFuture foreign = end.channel.write(End.bytes(5000));
            end.advance(6);
            assertThat(end.ended).isZero();

            end.advance(10);

            assertThat(end.ended).as("nothing has left since").isEqualTo(1);
            end.unstall();
            end.sentBytes().release();
            assertThat(foreign.isDone()).isTrue();
        }
    }

    @Test
    void theRestOfTheKeepAliveIsNotDueAfterAPong() {
        YamuxConfig config = End.CONFIG.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(30));
        try (End end = new End(Role.INITIATOR, config)) {
            end.advance(29);
            assertThat(end.sent()).isEmpty();
            end.yamux.ping();
            assertThat(end.sent()).hasSize(1);
            end.advance(1);
            assertThat(end.sent()).as("one ping is pending").isEmpty();
            end.advance(29);
            assertThat(end.ended).isZero();

            end.advance(1);

            assertThat(end.ended)
                    .as("30 s after the ping, at the end of an interval")
                    .isEqualTo(1);
            assertThat(end.endCause).hasMessageContaining("nothing came for PT30S after a ping");
        }
    }

    @Test
    void needsAPipeline() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxHandler alone = new YamuxHandler(Role.INITIATOR, End.CONFIG, end);
            assertThat(alone.openStreams()).isZero();
            assertThat(alone.roundTripNanos()).isZero();
            assertThatThrownBy(alone::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the session is not in a pipeline yet");
            assertThatThrownBy(alone::ping).isInstanceOf(IllegalStateException.class);
        }
    }
}
