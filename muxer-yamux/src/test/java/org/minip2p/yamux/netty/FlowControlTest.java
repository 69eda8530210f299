package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.YamuxConfig;

@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class FlowControlTest {
    private static final int WINDOW = 262_144;

    @Test
    @Conforms({"YMX-31", "YMX-41", "YMX-43", "YMX-44"})
    void sendsNoMoreThanTheWindowAndGoesOnWithCredit() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open(opened -> opened.writeAndFlush(End.bytes(300_000)));
            assertThat(bodyBytes(end.sent())).isEqualTo(WINDOW);

            end.receive(Frame.windowUpdate(Flags.NONE, 1, 0));
            assertThat(end.sent()).isEmpty();
            end.receive(Frame.windowUpdate(Flags.ACK, 1, 7));
            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 1, "\0".repeat(7)));
            end.receive(Frame.windowUpdate(Flags.FIN, 1, 1 << 20));
            assertThat(bodyBytes(end.sent())).isEqualTo(300_000 - WINDOW - 7);
            assertThat(stream.isOpen()).isTrue();
        }
    }

    @Test
    @Conforms({"YMX-42", "YMX-43"})
    void countsTheBodiesOfFramesWithFlagsAndNothingElse() {
        try (End end = new End(Role.RESPONDER)) {
            YamuxStreamChannel own = end.open(opened -> opened.writeAndFlush(End.bytes(100)));
            assertThat(end.sent()).containsExactly(Frame.data(Flags.SYN, 2, "\0".repeat(100)));
            assertThat(own.local().protocol().sendWindow().available())
                    .as("SYN")
                    .isEqualTo(WINDOW - 100);

            end.receive(Frame.data(Flags.ACK, 2, End.text(10)));
            assertThat(own.local().protocol().receiveWindow().remaining())
                    .as("ACK")
                    .isEqualTo(WINDOW - 10);
            end.receive(Frame.windowUpdate(Flags.NONE, 2, 5), Frame.data(Flags.NONE, 2, ""), Frame.ping(Flags.SYN, 99));
            assertThat(own.local().protocol().receiveWindow().remaining()).isEqualTo(WINDOW - 10);
            assertThat(own.local().protocol().sendWindow().available()).isEqualTo(WINDOW - 95);
            end.receive(Frame.data(Flags.FIN, 2, End.text(3)));
            assertThat(own.local().protocol().receiveWindow().remaining())
                    .as("FIN")
                    .isEqualTo(WINDOW - 13);
            own.shutdownOutput();
            assertThat(end.sent()).contains(Frame.data(Flags.FIN, 2, ""));
            assertThat(own.local().protocol().sendWindow().available())
                    .as("a FIN without body")
                    .isEqualTo(WINDOW - 95);
        }
    }

    @Test
    @Conforms("YMX-40")
    void startsWith256KiBInBothDirectionsWhateverTheSettings() {
        for (long max : new long[] {WINDOW, 1 << 20, 0xffff_ffffL}) {
            try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.MAX_STREAM_WINDOW_BYTES, max))) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
                YamuxStreamChannel own = end.open();

                for (YamuxStreamChannel stream : List.of(end.inbound(1), own)) {
                    assertThat(stream.local().protocol().sendWindow().available())
                            .isEqualTo(WINDOW);
                    assertThat(stream.local().protocol().receiveWindow().remaining())
                            .isEqualTo(WINDOW);
                }
            }
        }
    }

    @Test
    @Conforms("YMX-31")
    void givesCreditBackAfterItsOwnFin() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.shutdownOutput();
            end.sentAnsweringPings();
            for (int i = 0; i < 2; i++) {
                end.receive(Frame.data(Flags.NONE, 1, End.text(65_536)));
            }

            assertThat(end.sentAnsweringPings()).containsExactly(Frame.windowUpdate(Flags.NONE, 1, 131_072));
        }
    }

    @Test
    @Conforms("YMX-50")
    void aStreamWithoutCreditHoldsNothingUp() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel blocked = end.open();
            YamuxStreamChannel other = end.open();
            End.send(blocked, End.text(WINDOW + 1));
            end.sent();
            End.send(other, "moves");
            end.receive(Frame.ping(Flags.SYN, 5));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 3, "moves"), Frame.ping(Flags.ACK, 5));
        }
    }

    @Test
    @Conforms("YMX-48")
    void aReaderThatDoesNotReadStopsItsSenderAtTheWindow() {
        try (Pair pair = new Pair()) {
            pair.responder.onInbound = stream -> stream.config().setAutoRead(false);
            YamuxStreamChannel sender = pair.initiator.open();
            ChannelFuture last = sender.newSucceededFuture();
            for (int i = 0; i < 10; i++) {
                last = sender.writeAndFlush(End.bytes(65_536));
            }
            pair.pump();
            YamuxStreamChannel reader = pair.responder.inbound(1);

            assertThat(reader.local().protocol().receiveWindow().unread()).isEqualTo(WINDOW);
            assertThat(pair.responder.recorder(1).bytes).isZero();
            assertThat(sender.local().output().queuedBytes()).isEqualTo(10 * 65_536 - WINDOW);
            assertThat(last.isDone()).isFalse();
            assertThat(sender.isWritable()).isFalse();

            int reads = 0;
            while (pair.responder.recorder(1).bytes < 10 * 65_536) {
                reader.read();
                pair.pump();
                reads++;
            }
            assertThat(last.isSuccess()).isTrue();
            assertThat(sender.isWritable()).isTrue();
            assertThat(reads).as("one buffer per read").isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    @Conforms({"YMX-46", "YMX-48"})
    void aReaderThatStopsHoldsItsGrownWindowAndNotAByteMore() {
        try (End end = new End(Role.RESPONDER)) {
            growTo(end, 16 << 20);
            end.inbound(1).config().setAutoRead(false);
            end.sent();
            long left = end.inbound(1).local().protocol().receiveWindow().remaining();
            assertThat(left).isBetween(14L << 20, 16L << 20); // credit for up to an eighth was not returned yet

            flight(end);

            assertThat(end.inbound(1).local().protocol().receiveWindow().unread())
                    .isEqualTo(left);
            assertThat(end.sent()).as("no credit").noneMatch(frame -> frame.type() == FrameType.WINDOW_UPDATE);
            end.receive(Frame.data(Flags.NONE, 1, "x"));
            assertThat(end.ended).isEqualTo(1);
        }
    }

    @Test
    void passesOnOneBufferForEachReadWithoutAutoRead() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN, 1, End.text(1000)));
            end.receive(Frame.data(Flags.NONE, 1, End.text(1000)));
            assertThat(end.recorder(1).reads).isZero();

            end.inbound(1).read();
            assertThat(end.recorder(1).reads).isEqualTo(1);
            end.inbound(1).read();
            end.inbound(1).read();
            assertThat(end.recorder(1).bytes).isEqualTo(2000);

            end.receive(Frame.data(Flags.NONE, 1, "asked for before"));
            assertThat(end.recorder(1).text).endsWith("asked for before");
            end.receive(Frame.data(Flags.NONE, 1, "held"));
            assertThat(end.recorder(1).text).endsWith("asked for before");
            end.inbound(1).config().setAutoRead(true);
            assertThat(end.recorder(1).text).endsWith("held");
            end.receive(Frame.data(Flags.NONE, 1, "flows"));
            assertThat(end.recorder(1).text).endsWith("heldflows");
            end.inbound(1).config().setAutoRead(false);
            end.receive(Frame.data(Flags.NONE, 1, "stopped"));
            assertThat(end.recorder(1).text).endsWith("heldflows");
        }
    }

    @Test
    @Conforms({"YMX-48", "YMX-49"})
    void givesCreditBackAtHalfOfTheWindow() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.receive(Frame.data(Flags.NONE, 1, End.text(65_536)));
            end.receive(Frame.data(Flags.NONE, 1, End.text(65_535)));
            assertThat(end.sent()).allMatch(frame -> frame.type() == FrameType.PING);

            end.receive(Frame.data(Flags.NONE, 1, "x"));
            assertThat(end.sent()).contains(Frame.windowUpdate(Flags.NONE, 1, 131_072));
        }
    }

    @Test
    void deliversALargeFrameAsItComes() { // SEC-48: js sends frames as large as the window
        try (End end = new End(Role.RESPONDER)) {
            growTo(end, 16 << 20);
            end.receive(Frame.header(FrameType.DATA, Flags.NONE, 1, 9_900_000));
            long before = end.recorder(1).bytes;
            for (int i = 0; i < 99; i++) {
                end.receive(End.bytes(100_000));
                assertThat(end.recorder(1).bytes - before).isEqualTo((i + 1) * 100_000L);
            }
            end.receive(Frame.data(Flags.FIN, 1, ""));

            assertThat(end.recorder(1).events).contains("input-shutdown");
            assertThat(end.ended).isZero();
        }
    }

    @Test
    @Conforms({"YMX-51", "YMX-52"})
    void growsTheWindowWithTheRoundTripUpToItsLimit() {
        try (End end = new End(Role.RESPONDER)) {
            int roundTrips = growTo(end, 8 << 20);
            assertThat(roundTrips).isLessThanOrEqualTo(8);

            growTo(end, 16 << 20);
            for (int i = 0; i < 10; i++) {
                flight(end);
            }
            assertThat(end.inbound(1).local().protocol().receiveWindow().size()).isEqualTo(16 << 20);
        }
    }

    @Test
    @Conforms("YMX-75")
    void staysWithinTheConnectionsBudgetByResettingTheGreediest() { // SEC-50
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L))) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN, 1, End.text(100_000)));
            end.receive(Frame.data(Flags.SYN, 3, End.text(150_000)));
            end.sent();
            end.receive(Frame.data(Flags.SYN, 5, End.text(60_000)));

            assertThat(end.sent()).contains(Frame.reset(3, 0x1002), Frame.windowUpdate(Flags.ACK, 5, 0));
            assertThat(end.recorder(3).events).containsExactly("active", "error", "inactive");
            assertThat(end.inbound(1).isOpen()).isTrue();
            assertThat(end.inbound(5).isOpen()).isTrue();
            assertThat(end.ended).isZero();
        }
    }

    @Test
    void resetsWhenTheHostHasNoMemoryLeft() { // SEC-69
        MemoryBudget none = new MemoryBudget() {
            @Override
            public boolean hold(long bytes) {
                return false;
            }

            @Override
            public void release(long bytes) {}

            @Override
            public boolean isShort() {
                return true;
            }

            @Override
            public boolean isExceeded() {
                return true;
            }
        };
        try (End end = new End(Role.RESPONDER, End.CONFIG, none, true)) {
            end.receive(Frame.data(Flags.SYN, 1, "read as it comes"));
            assertThat(end.recorder(1).text).hasToString("read as it comes");

            end.inbound(1).config().setAutoRead(false);
            end.receive(Frame.data(Flags.NONE, 1, "x".repeat(16_384)));
            assertThat(end.sent()).as("such a small amount is spared").doesNotContain(Frame.reset(1, 0x1002));
            end.receive(Frame.data(Flags.NONE, 1, "x".repeat(32_768)));

            assertThat(end.sent()).contains(Frame.reset(1, 0x1002));
        }
    }

    @Test
    void holdsSmallUnreadPiecesWithoutPinningTheBuffersTheyCameIn() { // SEC-74
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            List<ByteBuf> arrived = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                ByteBuf large = end.channel.alloc().buffer(16_384);
                ByteBuf frame =
                        Frame.data(Flags.NONE, 1, "" + (char) ('a' + i % 26)).encode();
                large.writeBytes(frame);
                frame.release();
                arrived.add(large.retain());
                end.receive(large);
            }

            assertThat(arrived).allMatch(buffer -> buffer.refCnt() == 1);
            arrived.forEach(ByteBuf::release);
            end.inbound(1).read();
            assertThat(end.recorder(1).reads)
                    .as("small pieces are put together")
                    .isEqualTo(1);
            assertThat(end.recorder(1).bytes).isEqualTo(1000);
            assertThat(end.recorder(1).text).startsWith("abcdefghijklmnopqrstuvwxyzabc");
        }
    }

    private static long bodyBytes(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == FrameType.DATA)
                .mapToLong(Frame::length)
                .sum();
    }

    /**
     * The round trip decides how far windows grow. It is measured while bytes flow, at most once a second, and never
     * twice at once.
     */
    @Test
    void measuresTheRoundTripWhenItGivesCreditAndTheLastMeasureIsOld() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            List<Long> first = pingsOfAWindow(end);
            assertThat(first).as("nothing was measured yet").hasSize(1);
            end.channel.advanceTimeBy(2, TimeUnit.SECONDS);
            assertThat(pingsOfAWindow(end)).as("one is pending").isEmpty();
            end.receive(Frame.ping(Flags.ACK, first.get(0)));
            assertThat(end.yamux.roundTripNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));

            List<Long> second = pingsOfAWindow(end);
            assertThat(second).as("it was sent two seconds ago").hasSize(1);
            end.receive(Frame.ping(Flags.ACK, second.get(0)));
            end.channel.advanceTimeBy(1, TimeUnit.SECONDS);
            assertThat(pingsOfAWindow(end))
                    .as("it is no more than a second old")
                    .isEmpty();
            end.channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
            assertThat(pingsOfAWindow(end)).as("it is older").hasSize(1);
        }
    }

    private static List<Long> pingsOfAWindow(End end) {
        end.sent();
        sendWindow(end);
        return end.sent().stream()
                .filter(frame -> frame.type() == FrameType.PING && !frame.has(Flags.ACK))
                .map(Frame::length)
                .toList();
    }

    /**
     * Runs round trips of 60 ms with a sender that uses up the window in each, until the window has this size. Returns
     * their number.
     */
    private static int growTo(End end, long size) {
        if (end.inbound.isEmpty()) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
        }
        int roundTrips = 0;
        while (end.inbound(1).local().protocol().receiveWindow().size() < size) {
            flight(end);
            assertThat(++roundTrips).isLessThan(20);
        }
        return roundTrips;
    }

    private static void flight(End end) {
        end.channel.advanceTimeBy(60, TimeUnit.MILLISECONDS);
        for (Frame frame : end.sent()) {
            if (frame.type() == FrameType.PING) {
                end.receive(Frame.ping(Flags.ACK, frame.length()));
            }
        }
        sendWindow(end);
    }

    private static void sendWindow(End end) {
        long left = end.inbound(1).local().protocol().receiveWindow().remaining();
        while (left > 0) {
            int body = (int) Math.min(left, 65_536);
            ByteBuf frame = Frame.header(FrameType.DATA, Flags.NONE, 1, body);
            end.receive(frame.writeZero(body));
            left -= body;
        }
    }
}
