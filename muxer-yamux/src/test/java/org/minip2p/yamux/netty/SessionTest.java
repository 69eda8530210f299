package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Thrown;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.StreamRefusal;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;

/** Pings, limits and the end of a session. */
@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class SessionTest {
    // Pings

    @Test
    @Conforms({"YMX-56", "YMX-57"})
    void answersEachPingOnceWithItsValue() { // SEC-41
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.ping(Flags.SYN, 7), Frame.ping(Flags.SYN, 0xffff_ffffL), Frame.ping(Flags.SYN, 0));

            assertThat(end.sent())
                    .containsExactly(
                            Frame.ping(Flags.ACK, 7), Frame.ping(Flags.ACK, 0xffff_ffffL), Frame.ping(Flags.ACK, 0));
        }
    }

    @Test
    @Conforms("YMX-60")
    void measuresTheRoundTripWithOnePingForAllWhoAsk() {
        try (End end = new End(Role.INITIATOR)) {
            Future<Duration> one = end.yamux.ping();
            Future<Duration> two = end.yamux.ping();
            List<Frame> sent = end.sent();
            assertThat(sent).hasSize(1);
            assertThat(sent.get(0).type()).isEqualTo(FrameType.PING);
            assertThat(sent.get(0).flags()).isEqualTo(Flags.SYN);

            end.channel.advanceTimeBy(60, TimeUnit.MILLISECONDS);
            end.receive(Frame.ping(Flags.ACK, sent.get(0).length() + 1));
            assertThat(one.isDone()).isFalse();
            end.receive(Frame.ping(Flags.ACK, sent.get(0).length()));

            assertThat(one.getNow()).isEqualTo(Duration.ofMillis(60));
            assertThat(two.getNow()).isEqualTo(Duration.ofMillis(60));
            assertThat(end.yamux.roundTripNanos()).isEqualTo(60_000_000);
            end.yamux.ping();
            assertThat(end.sent().get(0).length())
                    .as("a new value")
                    .isNotEqualTo(sent.get(0).length());
        }
    }

    @Test
    @Conforms("YMX-58")
    void readsNoFurtherWhileAnswersCannotLeaveAndDropsNone() { // SEC-32, 40
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(200_000));
            ByteBuf flood = end.channel.alloc().buffer();
            for (int i = 0; i < 5_000; i++) {
                ByteBuf ping = Frame.ping(Flags.SYN, i).encode();
                flood.writeBytes(ping);
                ping.release();
            }
            end.receive(flood);

            assertThat(flood.refCnt()).as("the remaining bytes wait").isEqualTo(1);
            assertThat(flood.readerIndex()).isEqualTo(32 * 12);
            end.unstall();

            List<Frame> pongs = end.sent().stream()
                    .filter(frame -> frame.type() == FrameType.PING)
                    .toList();
            assertThat(pongs).hasSize(5_000);
            for (int i = 0; i < 5_000; i++) {
                assertThat(pongs.get(i)).isEqualTo(Frame.ping(Flags.ACK, i));
            }
        }
    }

    @Test
    @Conforms("YMX-58")
    void asksForNoInputWhileAnswersCannotLeave() {
        ReadCounter reads = new ReadCounter();
        try (End end = new End(Role.RESPONDER)) {
            end.channel.pipeline().addFirst(reads);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(200_000));
            for (int i = 0; i < 40; i++) {
                end.receive(Frame.ping(Flags.SYN, i));
            }
            int before = reads.count;
            end.channel.pipeline().read();
            end.channel.pipeline().read();
            assertThat(reads.count).isEqualTo(before);

            end.unstall();
            assertThat(reads.count).isGreaterThan(before);
        }
    }

    /** Otherwise two ends that write more than the sockets between them can hold would wait for each other forever. */
    // SEC-51
    @Test
    void asksForInputWhileItsOwnDataCannotLeave() {
        ReadCounter reads = new ReadCounter();
        try (End end = new End(Role.INITIATOR)) {
            end.channel.pipeline().addFirst(reads);
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.stall();
            stream.writeAndFlush(End.bytes(200_000));
            assertThat(end.channel.isWritable()).isFalse();
            int before = reads.count;

            end.channel.pipeline().read();

            assertThat(reads.count).isEqualTo(before + 1);
        }
    }

    @Test
    @Conforms("YMX-63")
    void keepsAQuietPeerAliveByPingsAndEndsWhenItIsMute() {
        try (End end =
                new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(30)))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.advance(30);
            List<Frame> pings = end.sent();
            assertThat(pings).hasSize(1);
            end.receive(Frame.ping(Flags.ACK, pings.get(0).length()));
            end.advance(30);
            assertThat(end.sent()).hasSize(1);
            end.advance(30);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isInstanceOf(SessionClosedException.class).hasMessageContaining("ping");
            assertThat(stream.isOpen()).isFalse();
        }
    }

    @Test
    void takesAnyByteForLife() { // SEC-53
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(30)))) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            for (int i = 0; i < 10; i++) {
                end.advance(30);
                end.receive(Frame.data(Flags.NONE, 1, "busy, and pongs are late"));
            }
            assertThat(end.ended).isZero();
        }
    }

    /**
     * The ping stays unanswered, so no other is sent. Data that came after it is a sign of life only for a limited
     * time.
     */
    @Test
    void noticesAPeerThatHasDiedBetweenItsLastBytesAndItsPong() { // SEC-53
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(30)))) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.advance(30);
            end.receive(Frame.data(Flags.NONE, 1, "the last that comes"));
            end.advance(30);
            assertThat(end.ended).isZero();

            end.advance(30);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isInstanceOf(SessionClosedException.class).hasMessageContaining("ping");
        }
    }

    // Limits

    @Test
    @Conforms({"YMX-72", "YMX-73"})
    void keeps256OfASynFloodAndRefusesTheRest() { // SEC-37
        try (End end = new End(Role.RESPONDER)) {
            ByteBuf flood = end.channel.alloc().buffer();
            for (long id = 1; id < 600; id += 2) {
                ByteBuf syn = Frame.windowUpdate(Flags.SYN, id, 0).encode();
                flood.writeBytes(syn);
                syn.release();
            }
            end.receive(flood);

            assertThat(end.inbound).hasSize(256);
            List<Frame> sent = end.sent();
            assertThat(sent).filteredOn(frame -> frame.has(Flags.RST)).hasSize(44);
            assertThat(sent).filteredOn(frame -> frame.has(Flags.ACK)).hasSize(256);
            assertThat(end.ended).isZero();
            end.receive(Frame.windowUpdate(Flags.SYN, 601, 0));
            assertThat(end.inbound).hasSize(257);
        }
    }

    @Test
    void handlesManyFramesInOnePieceWithoutDeepStacks() { // SEC-75
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            ByteBuf many = end.channel.alloc().buffer();
            ByteBuf one = Frame.data(Flags.NONE, 1, "x").encode();
            for (int i = 0; i < 100_000; i++) {
                many.writeBytes(one, 0, one.readableBytes());
            }
            one.release();
            end.receive(many);

            assertThat(end.recorder(1).bytes).isEqualTo(100_000);
        }
    }

    // The end

    @Test
    @Conforms({"YMX-66", "YMX-67", "YMX-68"})
    void endsOnAnyGoAwayAndFailsOpenStreamsWithItsCode() {
        for (long code : new long[] {0, 1, 2, 0x1005}) {
            try (End end = new End(Role.INITIATOR)) {
                YamuxStreamChannel stream = end.open();
                Future<Duration> ping = end.yamux.ping();
                ChannelFuture write = End.send(stream, End.text(300_000));
                ChannelFuture close = end.open().close();
                end.sentAnsweringPings();
                end.receive(Frame.goAway(code));

                assertThat(end.ended).isEqualTo(1);
                assertThat(end.endCause)
                        .isInstanceOfSatisfying(
                                SessionClosedException.class,
                                closed -> assertThat(closed.code()).isEqualTo(code));
                assertThat(end.recorder(1).events).endsWith("error", "inactive").doesNotContain("input-shutdown");
                assertThat(end.recorder(1).error).isInstanceOf(SessionClosedException.class);
                assertThat(write.cause()).isInstanceOf(SessionClosedException.class);
                assertThat(ping.isDone()).isTrue();
                assertThat(close.isDone()).isTrue();
                assertThat(end.tryOpen(unused -> {}).cause()).isInstanceOf(SessionClosedException.class);
                assertThat(end.yamux.ping().cause()).isInstanceOf(SessionClosedException.class);
                assertThat(end.sent()).isEmpty();
            }
        }
    }

    @Test
    @Conforms({"YMX-9", "NOI-33"})
    void theEndOfInputIsAnErrorOfEveryStream() {
        ByteBuf inHeader = Frame.windowUpdate(Flags.NONE, 1, 0).encode();
        ByteBuf inBody = Frame.header(FrameType.DATA, Flags.NONE, 1, 10).writeZero(5);
        for (ByteBuf partial : List.of(End.bytes(0), inHeader.readSlice(7), inBody)) {
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.data(Flags.SYN, 1, "whole"), Frame.windowUpdate(Flags.SYN, 3, 0));
                end.receive(partial);
                end.channel.close();
                end.channel.runPendingTasks();

                assertThat(end.ended).isEqualTo(1);
                assertThat(end.endCause).isInstanceOf(SessionClosedException.class);
                assertThat(end.recorder(1).text).startsWith("whole");
                assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
                assertThat(end.recorder(3).events).containsExactly("active", "error", "inactive");
            }
        }
    }

    @Test
    void aHalfClosedConnectionIsTheEndToo() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            end.channel.close();

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
        }
    }

    @Test
    void anErrorOfTheConnectionEndsTheSession() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            IOException reset = new IOException("Connection reset by peer");
            end.channel.pipeline().fireExceptionCaught(reset);
            end.channel.close();

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isSameAs(reset);
            assertThat(end.recorder(1).error).hasCause(reset);
        }
    }

    @Test
    void whatHasComeBeforeTheEndIsDelivered() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "all of it"), Frame.goAway(0));

            assertThat(end.recorder(1).text).hasToString("all of it");
            assertThat(end.recorder(1).events).containsExactly("active", "input-shutdown", "error", "inactive");
        }
    }

    @Test
    @Conforms("YMX-77")
    void endsWhenTheConnectionTakesNoByte() { // SEC-52
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.stall();
            ChannelFuture write = stream.writeAndFlush(End.bytes(200_000));
            end.advance(9);
            assertThat(end.ended).isZero();
            end.advance(1);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).hasMessageContaining("took fewer than 256 bytes in PT10S");
            assertThat(write.cause()).isInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    void endsWhenTheConnectionTakesAByteNowAndThen() { // SEC-52
        try (End end = new End(Role.INITIATOR)) {
            Drip drip = new Drip();
            end.channel.pipeline().addFirst(drip);
            YamuxStreamChannel stream = end.open();
            for (int i = 0; i < 20; i++) {
                stream.writeAndFlush(End.bytes("a"));
            }
            drip.setFull(end, true);
            for (int second = 0; second < 9; second++) {
                drip.pass(2); // a header and a body
                end.advance(1);
            }
            assertThat(end.ended).isZero();
            end.advance(1);
            drip.release();

            assertThat(end.endCause).hasMessageContaining("took fewer than 256 bytes in PT10S");
        }
    }

    @Test
    void doesNotEndWhileTheConnectionTakesSomeHundredBytesInTime() {
        try (End end = new End(Role.INITIATOR)) {
            Drip drip = new Drip();
            end.channel.pipeline().addFirst(drip);
            YamuxStreamChannel stream = end.open();
            for (int i = 0; i < 20; i++) {
                stream.writeAndFlush(End.bytes(300));
            }
            drip.setFull(end, true);
            for (int second = 0; second < 50; second++) {
                drip.pass(second % 4 == 0 ? 2 : 0);
                end.advance(1);
            }
            drip.release();

            assertThat(end.ended).isZero();
        }
    }

    /** A full connection, from which the peer reads a little at a time. */
    private static final class Drip extends ChannelOutboundHandlerAdapter {
        private record Held(ByteBuf bytes, ChannelPromise promise) {}

        private final ArrayDeque<Held> held = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            held.add(new Held((ByteBuf) msg, promise));
        }

        void setFull(End end, boolean isFull) {
            end.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !isFull);
            end.channel.runPendingTasks();
        }

        void pass(int parts) {
            for (int i = 0; i < parts && !held.isEmpty(); i++) {
                Held next = held.remove();
                next.bytes.release();
                next.promise.trySuccess();
            }
        }

        void release() {
            pass(Integer.MAX_VALUE);
        }
    }

    @Test
    void doesNotEndWhileTheConnectionTakesBytes() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            for (int i = 0; i < 10; i++) {
                end.stall();
                end.receive(Frame.windowUpdate(Flags.NONE, 1, 200_000));
                stream.writeAndFlush(End.bytes(150_000));
                end.advance(6);
                end.unstall();
                end.sent();
            }
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms({"YMX-64", "YMX-65"})
    void shutsDownAtOnceWhenNothingIsUnderWay() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.open();
            end.sent();
            end.yamux.shutdown(0, Duration.ofSeconds(5));

            assertThat(end.sent()).containsExactly(Frame.goAway(0));
            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isNull();
            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(end.tryOpen(stream -> {}).cause()).isInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    @Conforms({"YMX-65", "YMX-69"})
    void waitsForAnswersAndUnsentBytesAndRefusesNewStreams() { // SEC-46
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "request"));
            YamuxStreamChannel own = end.open();
            own.writeAndFlush(End.bytes(262_145));
            end.sent();
            end.yamux.shutdown(0, Duration.ofSeconds(5));
            end.receive(Frame.windowUpdate(Flags.SYN, 3, 0));
            assertThat(end.sent()).containsExactly(Frame.reset(3, 0x1007));
            assertThat(end.inbound).hasSize(1);

            End.send(end.inbound(1), "answer");
            end.inbound(1).shutdownOutput();
            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 1, "answer"), Frame.data(Flags.FIN, 1, ""));
            assertThat(end.ended).isZero();
            end.receive(Frame.windowUpdate(Flags.NONE, own.streamId(), 10));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, own.streamId(), "\0"), Frame.goAway(0));
            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isNull();
        }
    }

    @Test
    void waitsNoLongerThanItWasTold() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN, 1, "never answered"));
            end.sent();
            end.yamux.shutdown(0, Duration.ofSeconds(5));
            end.advance(4);
            assertThat(end.ended).isZero();
            end.advance(1);

            assertThat(end.sent()).containsExactly(Frame.goAway(0));
            assertThat(end.ended).isEqualTo(1);
        }
    }

    @Test
    @Conforms("YMX-70")
    void endsEvenIfGoAwayCannotLeave() { // without waiting for the peer
        try (End end = new End(Role.RESPONDER)) {
            end.stall();
            end.receive(new Frame(FrameType.PING, Flags.SYN, 7, 1, ""));
            assertThat(end.ended).isZero();
            end.advance(1);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isInstanceOf(YamuxException.class);
        }
    }

    @Test
    @Conforms({"YMX-64", "YMX-65"})
    void tellsThePeerOfAnErrorOfItsOwnBeforeItEnds() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            IllegalStateException fault = new IllegalStateException("our fault, provoked by the test");
            end.channel.pipeline().fireExceptionCaught(fault);

            assertThat(end.sent()).containsExactly(Frame.goAway(2));
            assertThat(end.endCause).isSameAs(fault);
            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
        }
    }

    @Test
    @Conforms("YMX-69")
    void refusesStreamsUntilItsGoAwayHasLeft() {
        try (End end = new End(Role.RESPONDER)) {
            end.stall();
            end.yamux.shutdown(0, Duration.ZERO);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            assertThat(end.ended).isZero();
            end.unstall();

            assertThat(end.sent()).containsExactly(Frame.goAway(0), Frame.reset(1, 0x1007));
            assertThat(end.ended).isEqualTo(1);
        }
    }

    @Test
    void tellsItsOwnerWhichStreamsItRefuses() {
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.MAX_INBOUND_STREAMS, 1))) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            assertThat(end.refused).isEmpty();

            end.receive(Frame.windowUpdate(Flags.SYN, 3, 0));

            assertThat(end.refused).containsExactly(StreamRefusal.TOO_MANY_OPEN);
            assertThat(end.sent()).contains(Frame.reset(3, 0x1002));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class, IOException.class})
    void aListenerThatThrowsIsNotTheSessionsEnd(Class<? extends Throwable> thrown) { // SEC-72
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            AtomicInteger told = new AtomicInteger();
            ChannelFutureListener throwing = done -> {
                told.incrementAndGet();
                throw Thrown.undeclared(thrown);
            };
            End.send(end.inbound(1), "x").addListener(throwing);
            end.inbound(1).closeFuture().addListener(throwing);
            end.inbound(1).reset(0);
            end.receive(Frame.ping(Flags.SYN, 1));
            End.send(end.inbound(3), "y");

            assertThat(told).hasValue(2);
            assertThat(end.ended).isZero();
            assertThat(end.sent()).contains(Frame.ping(Flags.ACK, 1), Frame.data(Flags.NONE, 3, "y"));
        }
    }

    @Test
    void asksForInputOnceForEachReadThatIsAskedFor() {
        ReadCounter reads = new ReadCounter();
        try (End end = new End(Role.INITIATOR)) {
            end.channel.config().setAutoRead(false);
            end.channel.pipeline().addFirst(reads);
            YamuxStreamChannel stream = end.open();
            End.send(stream, "x");
            assertThat(reads.count).isZero();

            end.channel.pipeline().read();
            End.send(stream, "y");
            end.receive(Frame.ping(Flags.SYN, 1));

            assertThat(reads.count).isEqualTo(1);
        }
    }

    @Test
    void measuresTheRoundTripOnceMuchHasCome() { // YMX-51
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.data(Flags.SYN, 1, End.text(16_383)));
            assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.ACK, 1, 0));

            end.receive(Frame.data(Flags.NONE, 1, "x"));

            assertThat(end.sent()).extracting(Frame::type).containsExactly(FrameType.PING);
            end.receive(Frame.data(Flags.NONE, 1, End.text(16_384)));
            assertThat(end.sent()).as("one ping is pending").isEmpty();
        }
    }

    @Test
    void aPingThatIsOnItsWayCannotBeCancelled() {
        try (End end = new End(Role.INITIATOR)) {
            Future<Duration> one = end.yamux.ping();
            assertThat(one.cancel(false)).as("it has been sent").isFalse();
            end.sentAnsweringPings();
            assertThat(one.isSuccess()).isTrue();
        }
    }

    /** Counts the reads that reach the connection. */
    private static final class ReadCounter extends io.netty.channel.ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(io.netty.channel.ChannelHandlerContext ctx) {
            count++;
            ctx.read();
        }
    }
}
