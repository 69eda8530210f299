package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.YamuxConfig;

@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class OpeningTest {
    @Test
    @Conforms("YMX-14")
    void sendsSynWithAWindowUpdateWhenNothingWasWritten() {
        try (End end = new End(Role.INITIATOR)) {
            end.open();

            assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.SYN, 1, 0));
        }
    }

    @Test
    @Conforms("YMX-14")
    void sendsSynWithTheFirstDataInOneFrame() { // so it takes one flight
        try (End end = new End(Role.INITIATOR)) {
            end.open(stream -> stream.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                    ctx.write(End.bytes("header "));
                    ctx.write(End.bytes("proposal "));
                    ctx.writeAndFlush(End.bytes("data"));
                }
            }));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.SYN, 1, "header proposal data"));
            assertThat(end.valve.flushes).isEqualTo(1);
        }
    }

    @Test
    void sendsSynWithDataThatTheInitializerWrote() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open(opened -> opened.writeAndFlush(End.bytes("a")));
            End.send(stream, "b");

            assertThat(end.sent()).containsExactly(Frame.data(Flags.SYN, 1, "a"), Frame.data(Flags.NONE, 1, "b"));
        }
    }

    @Test
    void sendsSynWithDataThatAListenerOfTheFutureWrote() {
        try (End end = new End(Role.INITIATOR)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 2, 0));
            end.recorder(2);
            Future<YamuxStreamChannel> future = end.tryOpen(stream -> {});
            future.addListener(done -> End.send(future.getNow(), "a"));

            assertThat(end.sent()).contains(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.data(Flags.NONE, 1, "a"));
        }
    }

    @Test
    void sendsDataBehindASynThatHadNone() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            End.send(stream, "later");

            assertThat(end.sent())
                    .containsExactly(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.data(Flags.NONE, 1, "later"));
        }
    }

    @Test
    @Conforms({"YMX-14", "YMX-78"})
    void doesNotWaitForAck() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            End.send(stream, "a");
            end.receive(Frame.data(Flags.NONE, 1, "answer without ACK"));

            assertThat(end.recorder(1).text).hasToString("answer without ACK");
            end.receive(Frame.data(Flags.ACK | Flags.FIN, 1, "!"));
            assertThat(end.recorder(1).text).hasToString("answer without ACK!");
            assertThat(end.recorder(1).events).contains("input-shutdown");
        }
    }

    @Test
    @Conforms({"YMX-15", "YMX-16", "YMX-18", "YMX-22"})
    void acceptsAllFormsOfOpening() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(
                    Frame.windowUpdate(Flags.SYN, 5, 0),
                    Frame.data(Flags.SYN, 1, ""),
                    Frame.data(Flags.SYN, 3, "hello"),
                    Frame.windowUpdate(Flags.SYN, 9, 1000));

            assertThat(end.inbound.keySet()).containsExactly(5L, 1L, 3L, 9L);
            assertThat(end.recorder(3).text).hasToString("hello");
            assertThat(end.sent())
                    .containsExactly(
                            Frame.windowUpdate(Flags.ACK, 5, 0),
                            Frame.windowUpdate(Flags.ACK, 1, 0),
                            Frame.windowUpdate(Flags.ACK, 3, 0),
                            Frame.windowUpdate(Flags.ACK, 9, 0));
            assertThat(end.inbound(9).local().protocol().sendWindow().available())
                    .isEqualTo(263_144);
        }
    }

    @Test
    @Conforms("YMX-17")
    void sendsAckWithTheFirstDataWhenThereIsSome() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> End.send(stream, "welcome");
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.ACK, 1, "welcome"));
        }
    }

    @Test
    void putsHandlersInBeforeTheFirstByteIsRead() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> assertThat(stream.isActive()).isFalse();
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "request"));

            assertThat(end.recorder(1).text).hasToString("request");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown");
            assertThat(end.inbound(1).isActive()).isTrue();
        }
    }

    @Test
    @Conforms("YMX-16")
    void refusesAStreamThatItsOwnerResets() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.reset(0x1001);
            end.receive(Frame.data(Flags.SYN, 1, "request"));

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0x1001));
            assertThat(end.yamux.openStreams()).isZero();
            assertThat(end.ended).isZero();
        }
    }

    @Test
    void resetsAStreamWhoseOwnerThrowsAndLivesOn() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                throw new IllegalStateException("owner's fault, provoked by the test");
            };
            end.receive(Frame.data(Flags.SYN, 1, "request"));
            end.onInbound = stream -> {};
            end.receive(Frame.windowUpdate(Flags.SYN, 3, 0));

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0), Frame.windowUpdate(Flags.ACK, 3, 0));
        }
    }

    @Test
    @Conforms("YMX-12")
    void failsAnOpenWhoseInitializerThrowsAndSendsNothing() {
        try (End end = new End(Role.INITIATOR)) {
            IOException fault = new IOException("initializer");
            Future<YamuxStreamChannel> failed = end.yamux.openStream(stream -> {
                throw new IllegalArgumentException(fault);
            });

            assertThat(failed.cause()).hasCause(fault);
            assertThat(end.sent()).isEmpty();
            assertThat(end.yamux.openStreams()).isZero();
            assertThat(end.open().streamId()).as("ids are not used twice").isEqualTo(3);
        }
    }

    @Test
    @Conforms("YMX-71")
    void waitsAt256UnacknowledgedStreams() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1000))) {
            List<Future<YamuxStreamChannel>> opens = new ArrayList<>();
            for (int i = 0; i < 258; i++) {
                opens.add(end.tryOpen(stream -> {}));
            }
            assertThat(opens).filteredOn(Future::isSuccess).hasSize(256);
            assertThat(end.sent()).hasSize(256);

            end.receive(Frame.windowUpdate(Flags.ACK, 7, 0));
            assertThat(opens.get(256).isSuccess()).isTrue();
            assertThat(opens.get(257).isDone()).isFalse();
            end.receive(Frame.data(Flags.ACK, 9, "x"));
            assertThat(opens.get(257).isSuccess()).isTrue();
        }
    }

    @Test
    void waitsAtTheLimitOfOutboundStreamsUntilOneHasEnded() { // SEC-49
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1))) {
            YamuxStreamChannel first = end.open();
            Future<YamuxStreamChannel> second = end.tryOpen(stream -> {});
            Future<YamuxStreamChannel> third = end.tryOpen(stream -> {});
            end.receive(Frame.windowUpdate(Flags.ACK, 1, 0));
            assertThat(second.isDone()).isFalse();

            first.close();
            end.channel.runPendingTasks();
            assertThat(second.isDone()).as("the peer's FIN is missing").isFalse();
            end.receive(Frame.data(Flags.FIN, 1, ""));

            assertThat(second.isSuccess()).isTrue();
            assertThat(third.isDone()).isFalse();
            second.getNow().reset(0);
            assertThat(third.isSuccess()).isTrue();
        }
    }

    @Test
    void dropsAWaitingOpenThatIsCancelled() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1))) {
            YamuxStreamChannel first = end.open();
            Future<YamuxStreamChannel> second = end.tryOpen(stream -> {});
            Future<YamuxStreamChannel> third = end.tryOpen(stream -> {});
            assertThat(second.cancel(false)).isTrue();

            first.reset(0);

            assertThat(third.isSuccess()).isTrue();
            assertThat(third.getNow().streamId()).isEqualTo(3);
        }
    }

    @Test
    @Conforms("YMX-66")
    void failsWaitingOpensWhenTheSessionEnds() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1))) {
            end.open();
            Future<YamuxStreamChannel> waiting = end.tryOpen(stream -> {});
            end.receive(Frame.goAway(0));

            assertThat(waiting.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(end.tryOpen(stream -> {}).cause()).isInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    @Conforms("YMX-19")
    void reportsARefusedStreamAsResetOnReadAndWrite() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            End.send(stream, "data sent at once");
            end.receive(Frame.reset(1, 0x1002));

            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(end.recorder(1).error).isInstanceOfSatisfying(StreamResetException.class, reset -> {
                assertThat(reset.code()).isEqualTo(0x1002);
                assertThat(reset.byPeer()).isTrue();
            });
            assertThat(End.send(stream, "more").cause()).isInstanceOf(StreamResetException.class);
        }
    }

    @Test
    void holdsInputBackUntilItIsStarted() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, org.minip2p.yamux.MemoryBudget.UNLIMITED, false)) {
            ByteBuf frame = Frame.data(Flags.SYN, 1, "early").encode();
            end.receive(frame.readRetainedSlice(5));
            end.receive(frame);
            Future<YamuxStreamChannel> open = end.tryOpen(stream -> {});
            assertThat(end.inbound).isEmpty();
            assertThat(open.isDone()).isFalse();
            assertThat(end.sent()).isEmpty();

            end.yamux.start();
            end.channel.runPendingTasks();

            assertThat(end.recorder(1).text).hasToString("early");
            assertThat(open.isSuccess()).isTrue();
            assertThat(end.sent())
                    .containsExactlyInAnyOrder(
                            Frame.windowUpdate(Flags.ACK, 1, 0), Frame.windowUpdate(Flags.SYN, 2, 0));
        }
    }

    @Test
    void tellsHowManyStreamsAreOpen() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.receive(Frame.reset(3, 0));
            end.open().reset(0);

            assertThat(end.counts).startsWith(1, 2, 1, 2);
            end.sent();
            assertThat(end.counts).containsExactly(1, 2, 1, 2, 1);
            assertThat(end.yamux.openStreams()).isEqualTo(1);
        }
    }

    @Test
    void givesEachStreamAChannelIdOfItsOwn() {
        try (End end = new End(Role.INITIATOR)) {
            ChannelId one = end.open().id();
            ChannelId two = end.open().id();

            assertThat(one).isNotEqualTo(two);
            assertThat(one.asLongText())
                    .startsWith(end.channel.id().asLongText())
                    .endsWith("/1");
            assertThat(one.compareTo(two)).isNegative();
        }
    }

    @Test
    @Conforms("YMX-8")
    void assemblesHeadersAndBodiesFromSingleBytes() {
        try (End end = new End(Role.RESPONDER)) {
            ByteBuf bytes = Frame.data(Flags.SYN, 1, "hello").encode();
            bytes.writeBytes(Frame.ping(Flags.SYN, 7).encode());
            bytes.writeBytes(Frame.data(Flags.FIN, 1, "!").encode());
            while (bytes.isReadable()) {
                end.receive(bytes.readRetainedSlice(1));
            }
            bytes.release();

            assertThat(end.recorder(1).text).hasToString("hello!");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown");
            assertThat(end.sent()).contains(Frame.ping(Flags.ACK, 7));
        }
    }

    @Test
    @Conforms("YMX-6")
    void ignoresTheLengthOfFramesWithoutBody() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(
                    Frame.ping(Flags.SYN, 100_000),
                    Frame.windowUpdate(Flags.SYN, 1, 100_000),
                    Frame.windowUpdate(Flags.NONE, 1, 100_000),
                    Frame.data(Flags.NONE, 1, "x"),
                    Frame.windowUpdate(Flags.FIN, 1, 100_000),
                    Frame.windowUpdate(Flags.SYN, 3, 0),
                    Frame.reset(3, 100_000),
                    Frame.data(Flags.SYN, 5, "y"),
                    Frame.goAway(100_000));

            assertThat(end.recorder(1).text).hasToString("x");
            assertThat(end.recorder(5).text).hasToString("y");
            assertThat(end.endCause)
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(100_000));
        }
    }
}
