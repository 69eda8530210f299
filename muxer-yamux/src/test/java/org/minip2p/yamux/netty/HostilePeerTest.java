package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;

/** Attacks that have harmed other muxers, at the scale at which they harm (docs/security.md). */
class HostilePeerTest {
    private static final int WINDOW = 262_144;
    private static final int CHUNK_FRAMES = 5_000;

    // Answers that pile up

    @Test
    @Conforms({"YMX-57", "YMX-58"})
    void aMillionPingsOfAPeerThatDoesNotReadWaitInItsOwnSocket() { // SEC-32, SEC-40
        try (Flood flood = new Flood(YamuxConfig.defaults(), i -> Frame.ping(Flags.SYN, i & 0xffff_ffffL))) {
            flood.offer(1_000_000);
            assertThat(flood.framesTaken).as("one piece, then no more").isEqualTo(CHUNK_FRAMES);

            flood.end.unstall();
            assertThat(flood.drain(1_000_000, Flags.ACK)).isEqualTo(1_000_000);
            assertThat(flood.end.ended).isZero();
        }
    }

    @Test
    @Conforms("YMX-58")
    void aMillionRefusedStreamsOfAPeerThatDoesNotReadWaitInItsOwnSocket() { // SEC-32
        YamuxConfig config = YamuxConfig.defaults()
                .with(YamuxConfig.MAX_INBOUND_STREAMS, 1)
                .with(YamuxConfig.MAX_RESETS, Integer.MAX_VALUE);
        try (Flood flood = new Flood(config, i -> Frame.windowUpdate(Flags.SYN, 3 + 2 * i, 0))) {
            flood.offer(1_000_000);
            assertThat(flood.framesTaken).isEqualTo(CHUNK_FRAMES);

            flood.end.unstall();
            assertThat(flood.drain(1_000_000, Flags.RST)).isEqualTo(1_000_000);
            assertThat(flood.end.inbound).hasSize(1);
            assertThat(flood.end.ended).isZero();
        }
    }

    @Test
    void anEndWhoseAnswersNeverLeaveGivesUp() { // SEC-32
        try (Flood flood = new Flood(YamuxConfig.defaults(), i -> Frame.ping(Flags.SYN, i))) {
            flood.offer(10_000);
            flood.end.advance(10);

            assertThat(flood.end.ended).isEqualTo(1);
            assertThat(flood.end.endCause).hasMessageContaining("took fewer than 256 bytes");
        }
    }

    // Windows

    @Test
    @Conforms({"YMX-46", "YMX-47"})
    void aSynWithMoreThanTheWindowEndsTheSessionBeforeThereIsAStream() { // SEC-33
        try (End end = new End(Role.RESPONDER)) {
            ByteBuf frame = Frame.header(FrameType.DATA, Flags.SYN, 1, WINDOW + 1);
            end.receive(frame.writeZero(WINDOW + 1));

            assertEndedFor(end);
            assertThat(end.inbound).isEmpty();
            assertThat(end.counts).isEmpty();
        }
    }

    @Test
    @Conforms("YMX-45")
    void creditThatOverflowsEndsTheSession() { // SEC-34
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.receive(
                    Frame.windowUpdate(Flags.NONE, 1, 0xffff_ffffL), Frame.windowUpdate(Flags.NONE, 1, 0xffff_ffffL));

            assertEndedFor(end);
            assertThat(end.recorder(1).events).endsWith("error", "inactive");
        }
    }

    @Test
    @Conforms("YMX-45")
    void creditOnSynComesOnTopOfTheFirstWindowAndMayNotOverflow() { // SEC-35
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0xffff_ffffL - WINDOW));
            assertThat(end.inbound(1).local().protocol().sendWindow().available())
                    .isEqualTo(0xffff_ffffL);
            end.sent();

            end.receive(Frame.windowUpdate(Flags.SYN, 3, 0xffff_ffffL));

            assertEndedFor(end);
            assertThat(end.inbound).hasSize(1);
        }
    }

    @Test
    @Conforms({"YMX-42", "YMX-46"})
    void oneByteMoreThanTheWindowOfAStreamNobodyReadsEndsTheSession() { // SEC-36
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            for (int i = 0; i < WINDOW / 4096; i++) {
                // Only bodies use up the window.
                end.receive(
                        Frame.data(Flags.NONE, 1, End.text(4096)),
                        Frame.ping(Flags.SYN, i),
                        Frame.windowUpdate(Flags.NONE, 1, 1),
                        Frame.data(Flags.NONE, 1, ""));
            }
            end.sent();
            assertThat(end.ended).isZero();

            end.receive(Frame.data(Flags.NONE, 1, "x"));

            assertEndedFor(end);
            assertThat(end.recorder(1).bytes).isZero();
        }
    }

    /** The answer to the first ping comes at once, or so late that everything after it seems fast. */
    @ParameterizedTest
    @CsvSource({
        "0, stream",
        "0, connection",
        "3600, stream",
        "3600, connection",
    })
    void aPeerThatFakesTheRoundTripCannotGetMoreThanTheBudget(long answeredAfter, String limited) { // SEC-54
        long budget = 4 << 20;
        YamuxConfig config = End.CONFIG
                .with(YamuxConfig.MAX_STREAM_WINDOW_BYTES, limited.equals("stream") ? budget : 16L << 20)
                .with(YamuxConfig.CONNECTION_BUDGET_BYTES, limited.equals("connection") ? budget : 512L << 20);
        int streams = limited.equals("stream") ? 1 : 8;
        try (End end = new End(Role.RESPONDER, config)) {
            openAndAnswerPing(end, streams, answeredAfter);

            for (int round = 0; round < 10; round++) {
                end.inbound.keySet().forEach(id -> fill(end, id));
            }

            long granted = 0;
            for (YamuxStreamChannel stream : end.inbound.values()) {
                granted += stream.receiveWindowBytes() - WINDOW;
            }
            assertThat(end.ended).isZero();
            assertThat(granted).isGreaterThan(budget / 2).isLessThanOrEqualTo(budget);
        }
    }

    private static void openAndAnswerPing(End end, int streams, long seconds) {
        for (long id = 1; id < 2L * streams; id += 2) {
            end.receive(Frame.windowUpdate(Flags.SYN, id, 0));
        }
        end.receive(Frame.data(Flags.NONE, 1, End.text(20_000)));
        List<Frame> pings = end.sent().stream()
                .filter(frame -> frame.type() == FrameType.PING)
                .toList();
        assertThat(pings).hasSize(1);
        end.channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        end.receive(Frame.ping(Flags.ACK, pings.get(0).length()));
        assertThat(end.yamux.roundTripNanos()).isEqualTo(Math.max(1, TimeUnit.SECONDS.toNanos(seconds)));
    }

    @Test
    void aWindowThatIsNotReadDoesNotGrowWhateverTheRoundTrip() { // SEC-54
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.yamux.ping();
            Frame ping = end.sent().get(1);
            end.channel.advanceTimeBy(1, TimeUnit.HOURS);
            end.receive(Frame.ping(Flags.ACK, ping.length()));
            fill(end, 1);

            assertThat(end.inbound(1).local().protocol().receiveWindow().size()).isEqualTo(WINDOW);
            assertThat(end.sentAnsweringPings()).isEmpty();
        }
    }

    @Test
    @Conforms("YMX-49")
    void tenMillionFramesOfOneByteGetNoMoreUpdatesThanTheirBytesDo() { // SEC-55
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            ByteBuf one = Frame.data(Flags.NONE, 1, "x").encode();
            ByteBuf piece = end.channel.alloc().buffer(13 * CHUNK_FRAMES);
            for (int i = 0; i < CHUNK_FRAMES; i++) {
                piece.writeBytes(one, 0, one.readableBytes());
            }
            int frames = 10_000_000;
            for (int i = 0; i < frames / CHUNK_FRAMES; i++) {
                end.channel.writeInbound(piece.retainedDuplicate());
            }
            one.release();
            piece.release();

            assertThat(end.recorder(1).bytes).isEqualTo(frames);
            assertThat(end.sent())
                    .filteredOn(frame -> frame.type() == FrameType.WINDOW_UPDATE)
                    .hasSizeBetween(frames / WINDOW, frames / (WINDOW / 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "credit", "ping"})
    void aFloodOfFramesWithNothingInThemEndsTheSession(String kind) { // SEC-55
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            Frame empty = switch (kind) {
                case "data" -> Frame.data(Flags.NONE, 1, "");
                case "credit" -> Frame.windowUpdate(Flags.NONE, 1, 0);
                default -> Frame.ping(Flags.ACK, 99);
            };
            for (int i = 0; i < 10_000; i++) {
                end.receive(empty);
            }
            assertThat(end.ended).isZero();
            end.receive(empty);

            assertEndedFor(end, 0x1002);
        }
    }

    // Streams

    @Test
    @Conforms({"YMX-72", "YMX-73"})
    void aFloodOfSynsKeeps256StreamsAndTheConnection() { // SEC-37
        try (End end = new End(Role.RESPONDER)) {
            ByteBuf flood = end.channel.alloc().buffer();
            for (long i = 0; i < 300; i++) {
                append(flood, FrameType.WINDOW_UPDATE, Flags.SYN, 1 + 2 * i, 0);
            }
            append(flood, FrameType.PING, Flags.SYN, 0, 7);
            end.receive(flood);

            List<Frame> sent = end.sent();
            assertThat(end.inbound).hasSize(256);
            assertThat(sent).filteredOn(frame -> frame.has(Flags.RST)).hasSize(44);
            assertThat(sent).contains(Frame.ping(Flags.ACK, 7));
            assertThat(end.yamux.openStreams()).isEqualTo(256);
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms("YMX-74")
    void streamsBeyondTheLimitAreRefusedAndTheConnectionLives() { // SEC-37
        try (End end = new End(Role.RESPONDER)) {
            for (long i = 0; i < 1100; i++) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1 + 2 * i, 0));
            }

            assertThat(end.yamux.openStreams()).isEqualTo(1024);
            assertThat(end.sent()).filteredOn(frame -> frame.has(Flags.RST)).hasSize(76);
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms("YMX-76")
    void aHundredThousandStreamsResetAtOnceReachFewHandlersAndEndTheSession() { // SEC-38
        try (End end = new End(Role.RESPONDER)) {
            int[] handlers = {0};
            end.onInbound = stream -> handlers[0]++;
            for (int piece = 0; piece < 100; piece++) {
                ByteBuf flood = end.channel.alloc().buffer();
                for (long i = piece * 1000L; i < (piece + 1) * 1000L; i++) {
                    append(flood, FrameType.WINDOW_UPDATE, Flags.SYN, 1 + 2 * i, 0);
                    append(flood, FrameType.WINDOW_UPDATE, Flags.RST, 1 + 2 * i, 0);
                }
                end.receive(flood);
            }

            assertThat(handlers[0]).as("the 2,049th reset is one too many").isEqualTo(2_049);
            assertEndedFor(end, 0x1002);
        }
    }

    @Test
    void aFloodOfRefusedStreamsEndsTheSession() { // SEC-39
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.MAX_INBOUND_STREAMS, 1))) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            for (long i = 1; i <= 2048; i++) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1 + 2 * i, 0));
            }
            assertThat(end.ended).isZero();
            assertThat(end.sent()).filteredOn(frame -> frame.has(Flags.RST)).hasSize(2048);
            end.receive(Frame.windowUpdate(Flags.SYN, 5001, 0));

            assertEndedFor(end, 0x1002);
        }
    }

    @Test
    void aFloodOfStreamsThatItsOwnerRefusesEndsTheSession() { // SEC-39
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.reset(0x5001);
            for (long i = 0; i < 2048; i++) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1 + 2 * i, 0));
            }
            assertThat(end.ended).isZero();
            assertThat(end.sent()).hasSize(2048).allMatch(frame -> frame.has(Flags.RST));
            end.receive(Frame.windowUpdate(Flags.SYN, 5001, 0));

            assertEndedFor(end, 0x1002);
        }
    }

    @Test
    void aFloodOfResetsThatThePeerProvokesEndsTheSession() { // SEC-39
        try (End end = new End(Role.RESPONDER)) {
            for (long i = 0; i < 2048; i++) {
                end.receive(Frame.data(Flags.SYN | Flags.FIN, 1 + 2 * i, "x"), Frame.data(Flags.NONE, 1 + 2 * i, "y"));
            }
            assertThat(end.ended).isZero();
            assertThat(end.yamux.openStreams()).isZero();
            end.sent();
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 5001, "x"), Frame.data(Flags.NONE, 5001, "y"));

            assertEndedFor(end, 0x1002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"both closed, peer first", "both closed, peer last", "reset here", "reset there", "never"})
    @Conforms({"YMX-23", "YMX-37"})
    void framesForAStreamThatIsGoneAreNothing(String end) { // SEC-42
        try (End our = new End(Role.RESPONDER)) {
            switch (end) {
                case "both closed, peer first" -> {
                    our.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "x"));
                    our.inbound(1).close();
                }
                case "both closed, peer last" -> {
                    our.receive(Frame.data(Flags.SYN, 1, "x"));
                    our.inbound(1).close();
                    our.channel.runPendingTasks();
                    our.receive(Frame.data(Flags.FIN, 1, ""));
                }
                case "reset here" -> {
                    our.receive(Frame.data(Flags.SYN, 1, "x"));
                    our.inbound(1).reset(0);
                }
                case "reset there" -> our.receive(Frame.data(Flags.SYN, 1, "x"), Frame.reset(1, 0));
                default -> our.receive(Frame.data(Flags.SYN | Flags.RST, 1, "x"));
            }
            our.sent();
            assertThat(our.yamux.openStreams()).isZero();

            our.receive(
                    Frame.windowUpdate(Flags.NONE, 1, 0xffff_ffffL),
                    Frame.data(Flags.NONE, 1, End.text(WINDOW)),
                    Frame.data(Flags.ACK | Flags.FIN, 1, "y"),
                    Frame.windowUpdate(Flags.FIN, 1, 0xffff_ffffL),
                    Frame.reset(1, 0x1001),
                    Frame.data(Flags.RST, 1, "z"),
                    Frame.ping(Flags.SYN, 3));

            assertThat(our.sent()).containsExactly(Frame.ping(Flags.ACK, 3));
            assertThat(our.ended).isZero();
            // An honest peer cannot have more bytes in flight than the largest window that was granted.
            our.receive(Frame.header(FrameType.DATA, Flags.NONE, 1, WINDOW + 1));
            assertEndedFor(our);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x1001, 0xffff_ffffL})
    @Conforms("YMX-36")
    void theLengthOfAResetIsItsCodeAndNoCredit(long code) { // SEC-44
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            End.send(stream, End.text(WINDOW));
            Future<?> queued = End.send(stream, "waits for credit");
            end.sent();
            end.receive(Frame.reset(1, code));

            assertThat(end.recorder(1).error).isInstanceOfSatisfying(StreamResetException.class, reset -> {
                assertThat(reset.code()).isEqualTo(code);
                assertThat(reset.byPeer()).isTrue();
            });
            assertThat(queued.cause()).isInstanceOf(StreamResetException.class);
            assertThat(end.sent()).isEmpty();
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms("YMX-68")
    void anyCodeOfAGoAwayIsTheEndAndIsTold() { // SEC-45
        long[] codes = {0, 1, 2, 3, 0x1000, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0xffff_ffffL
        };
        for (long code : codes) {
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.goAway(code));

                assertThat(end.endCause)
                        .isInstanceOfSatisfying(
                                SessionClosedException.class,
                                closed -> assertThat(closed.code()).isEqualTo(code));
                assertThat(end.recorder(1).error)
                        .isInstanceOfSatisfying(
                                SessionClosedException.class,
                                closed -> assertThat(closed.code()).isEqualTo(code));
            }
        }
    }

    @Test
    @Conforms({"YMX-11", "YMX-20", "YMX-21"})
    void idsThatNoPeerMayUseEndTheSession() { // SEC-47
        for (FrameType type : List.of(FrameType.DATA, FrameType.WINDOW_UPDATE)) {
            for (long id : new long[] {0, 2, 0xffff_fffeL}) {
                try (End end = new End(Role.RESPONDER)) {
                    end.receive(new Frame(type, Flags.SYN, id, 0, ""));
                    assertEndedFor(end);
                }
            }
            try (End end = new End(Role.INITIATOR)) {
                end.receive(new Frame(type, Flags.SYN, 1, 0, ""));
                assertEndedFor(end);
            }
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
                end.sent();
                end.receive(new Frame(type, Flags.SYN, 1, 0, ""));
                assertEndedFor(end);
            }
        }
    }

    @Test
    @Conforms("YMX-22")
    void idsThatFallAreNoFault() { // SEC-47
        try (End end = new End(Role.RESPONDER)) {
            end.receive(
                    Frame.windowUpdate(Flags.SYN, 5, 0),
                    Frame.data(Flags.SYN, 1, "one"),
                    Frame.windowUpdate(Flags.SYN, 3, 0));

            assertThat(end.inbound.keySet()).containsExactly(5L, 1L, 3L);
            assertThat(end.recorder(1).text).hasToString("one");
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms({"YMX-46", "YMX-47"})
    void aBodyOf4GiBIsRefusedBeforeMemoryIsTakenForIt() { // SEC-48
        for (boolean live : new boolean[] {true, false}) {
            CountingAllocator allocator = new CountingAllocator();
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
                end.sent();
                end.channel.config().setAllocator(allocator);
                end.channel.writeInbound(Frame.header(FrameType.DATA, Flags.NONE, live ? 1 : 3, 0xffff_ffffL));

                assertThat(allocator.largestBytes()).as("the buffer of GO_AWAY").isEqualTo(12);
                assertEndedFor(end);
            }
        }
    }

    @Test
    void aBodyThatDripsInIsPassedOnAsItComesAndHoldsNothing() { // SEC-48
        CountingAllocator allocator = new CountingAllocator();
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.channel.config().setAllocator(allocator);
            end.channel.writeInbound(Frame.header(FrameType.DATA, Flags.NONE, 1, WINDOW));
            for (int i = 1; i <= 1000; i++) {
                end.channel.writeInbound(End.bytes(1));
                assertThat(end.recorder(1).bytes).isEqualTo(i);
            }

            assertThat(allocator.largestBytes()).isLessThanOrEqualTo(12);
        }
    }

    // Pings

    @Test
    @Conforms({"YMX-59", "YMX-60"})
    void secondAnswersToOnePingAreNothing() { // SEC-41
        try (End end = new End(Role.INITIATOR)) {
            Future<Duration> first = end.yamux.ping();
            long value = end.sent().get(0).length();
            end.channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
            end.receive(Frame.ping(Flags.ACK, value));
            end.channel.advanceTimeBy(5, TimeUnit.SECONDS);
            end.receive(Frame.ping(Flags.ACK, value), Frame.ping(Flags.ACK, value + 1));

            assertThat(first.getNow()).isEqualTo(Duration.ofMillis(5));
            assertThat(end.yamux.roundTripNanos()).isEqualTo(5_000_000);
            Future<Duration> second = end.yamux.ping();
            end.receive(Frame.ping(Flags.ACK, value));
            assertThat(second.isDone()).as("the answer was to an earlier ping").isFalse();
            end.receive(Frame.ping(Flags.ACK, end.sent().get(0).length()));
            assertThat(second.isSuccess()).isTrue();
            assertThat(end.ended).isZero();
        }
    }

    private static void assertEndedFor(End end) {
        assertEndedFor(end, 1);
    }

    private static void assertEndedFor(End end, long code) {
        assertThat(end.sent())
                .endsWith(Frame.goAway(code))
                .filteredOn(frame -> frame.type() == FrameType.GO_AWAY)
                .hasSize(1);
        assertThat(end.ended).isEqualTo(1);
        assertThat(end.endCause).isInstanceOf(YamuxException.class);
        end.receive(Frame.ping(Flags.SYN, 1));
        assertThat(end.sent()).as("ignores later input").isEmpty();
    }

    private static void append(ByteBuf target, FrameType type, int flags, long id, long length) {
        ByteBuf header = Frame.header(type, flags, id, length);
        target.writeBytes(header);
        header.release();
    }

    /** Sends as much as the window of a stream allows. */
    private static void fill(End end, long id) {
        long left = end.inbound(id).local().protocol().receiveWindow().remaining();
        while (left > 0) {
            int body = (int) Math.min(left, 65_536);
            end.receive(Frame.header(FrameType.DATA, Flags.NONE, id, body).writeZero(body));
            left -= body;
        }
        end.sentBytes().release();
    }

    /**
     * A peer that sends as fast as the socket allows, and reads nothing. The socket delivers one piece for each read of
     * this end.
     */
    private static final class Flood extends ChannelOutboundHandlerAdapter implements AutoCloseable {
        final End end;
        private final LongFunction<Frame> frames;
        private boolean readAskedFor;
        int framesTaken;

        Flood(YamuxConfig config, LongFunction<Frame> frames) {
            this.frames = frames;
            this.end = new End(Role.RESPONDER, config.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ZERO));
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.channel.pipeline().addFirst(this);
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(200_000));
            readAskedFor = true;
        }

        @Override
        public void read(ChannelHandlerContext ctx) {
            readAskedFor = true;
        }

        /** Offers frames until this total number. Those for which this end does not ask remain at the peer. */
        void offer(int total) {
            while (framesTaken < total && readAskedFor) {
                readAskedFor = false;
                ByteBuf piece = end.channel.alloc().buffer(12 * CHUNK_FRAMES);
                for (int i = 0; i < CHUNK_FRAMES; i++) {
                    Frame frame = frames.apply(framesTaken++);
                    append(piece, frame.type(), frame.flags(), frame.id(), frame.length());
                }
                end.receive(piece);
            }
        }

        /** Sends all remaining frames, reads the output meanwhile, and returns the number of answers. */
        long drain(int total, int answerFlag) {
            long answers = 0;
            do {
                ByteBuf sent = end.sentBytes();
                while (sent.isReadable()) {
                    int word = sent.readInt();
                    sent.skipBytes(4);
                    long length = sent.readUnsignedInt();
                    if ((word & 0xffff) == answerFlag && (word >> 16) != 0) {
                        answers++;
                    }
                    sent.skipBytes((word >> 16) == 0 ? (int) length : 0);
                }
                sent.release();
                if (framesTaken < total) {
                    assertThat(readAskedFor).as("reading continues").isTrue();
                }
                offer(Math.min(total, framesTaken + CHUNK_FRAMES));
            } while (framesTaken < total || end.channel.outboundMessages().size() > 0);
            return answers;
        }

        @Override
        public void close() {
            end.close();
        }
    }
}
