package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.YamuxConfig;

@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class WritingTest {
    @Test
    void putsWritesThatWereFlushedTogetherIntoOneFrame() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.write(End.bytes("a"));
            stream.write(Unpooled.EMPTY_BUFFER);
            stream.write(End.bytes("b"));
            assertThat(end.sent()).isEmpty();
            stream.writeAndFlush(End.bytes("c"));

            assertThat(end.sent()).containsExactly(Frame.data(Flags.NONE, 1, "abc"));
        }
    }

    @Test
    @Conforms("YMX-54")
    void sendsBodiesThatFillOneNoiseFrameAtMost() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.writeAndFlush(End.bytes(200_000));

            assertThat(end.sent())
                    .extracting(Frame::length)
                    .containsExactly(65_506L, 65_506L, 65_506L, 200_000L - 3 * 65_506);
        }
    }

    @Test
    @Conforms("YMX-55")
    void streamsTakeTurnsWithOneFrameEach() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel one = end.open();
            YamuxStreamChannel two = end.open();
            YamuxStreamChannel three = end.open();
            YamuxStreamChannel filler = end.open();
            end.sent();
            end.stall();
            filler.writeAndFlush(End.bytes(2 * 65_506));
            assertThat(end.channel.isWritable()).isFalse();
            for (YamuxStreamChannel stream : List.of(one, two, three)) {
                stream.writeAndFlush(End.bytes(130_000));
            }
            end.unstall();

            assertThat(end.sent()).extracting(Frame::id).containsExactly(7L, 7L, 1L, 3L, 5L, 1L, 3L, 5L);
        }
    }

    @Test
    @Conforms("YMX-57")
    void controlFramesGoBeforeData() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            YamuxStreamChannel stream = end.inbound(1);
            end.stall();
            stream.writeAndFlush(End.bytes(200_000));
            end.receive(Frame.ping(Flags.SYN, 9), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            end.unstall();

            List<Frame> sent = end.sent();
            int pong = sent.indexOf(Frame.ping(Flags.ACK, 9));
            int ack = sent.indexOf(Frame.windowUpdate(Flags.ACK, 3, 0));
            int lastData = sent.lastIndexOf(Frame.data(Flags.NONE, 1, "\0".repeat(200_000 - 3 * 65_506)));
            assertThat(pong).isNotNegative().isLessThan(ack);
            assertThat(ack).isLessThan(lastData);
        }
    }

    @Test
    void completesAWriteWhenTheConnectionHasTakenItsLastByte() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.stall();
            ChannelFuture first = stream.writeAndFlush(End.bytes(10));
            ChannelFuture large = stream.writeAndFlush(End.bytes(200_000));
            ChannelFuture empty = stream.writeAndFlush(Unpooled.EMPTY_BUFFER);
            assertThat(List.of(first, large, empty)).noneMatch(ChannelFuture::isDone);

            end.unstall();

            assertThat(List.of(first, large, empty)).allMatch(ChannelFuture::isSuccess);
        }
    }

    @Test
    void completesAnEmptyWriteAtOnceWhenNothingIsBeforeIt() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            assertThat(stream.writeAndFlush(Unpooled.EMPTY_BUFFER).isSuccess()).isTrue();
            assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.SYN, 1, 0));
        }
    }

    @Test
    void keepsDataBackWhileTheConnectionIsNotWritable() { // SEC-70
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            end.stall();
            stream.writeAndFlush(End.bytes(250_000));
            assertThat(end.channel.isWritable()).isFalse();
            assertThat(stream.local().output().queuedBytes()).isGreaterThan(100_000);
            assertThat(stream.isWritable()).isFalse();

            end.unstall();

            assertThat(end.sent()).extracting(Frame::length).containsExactly(65_506L, 65_506L, 65_506L, 53_482L);
        }
    }

    @Test
    void takesEveryWriteOfATaskThatBeganWhileTheStreamWasWritable() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            List<ChannelFuture> pieces = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pieces.add(stream.write(End.bytes(10_000)));
            }
            assertThat(stream.isWritable()).isFalse();
            stream.flush();

            assertThat(pieces).allMatch(ChannelFuture::isSuccess);
            assertThat(end.sent()).extracting(Frame::length).containsExactly(65_506L, 65_506L, 65_506L, 3_482L);
            assertThat(stream.isWritable()).isTrue();
        }
    }

    @Test
    void takesAMessageOfAnySizeWhileTheStreamIsWritable() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ChannelFuture message = stream.writeAndFlush(End.bytes(3 << 20));
            end.sent();

            end.receive(Frame.windowUpdate(Flags.NONE, 1, 3 << 20));

            assertThat(message.isSuccess()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resetsTheWholeStreamWhenLaterTasksWriteMoreThanMayWait(boolean afterTheWindow) {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 100_000L))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ChannelFuture first = afterTheWindow
                    ? stream.writeAndFlush(End.bytes(262_144 + 70_000))
                    : stream.write(End.bytes(70_000));
            end.sent(); // the task is over
            assertThat(stream.isWritable()).isFalse();

            ChannelFuture taken = stream.write(End.bytes(30_000));
            assertThat(taken.isDone()).isFalse();
            ChannelFuture tooMuch = stream.write(End.bytes(1));
            assertThat(end.yamux.openStreams()).as("at once").isZero();
            ChannelFuture later = stream.writeAndFlush(End.bytes("z"));

            assertThat(end.sent()).containsExactly(Frame.reset(1, 0x1002));
            Throwable cause = first.cause();
            assertThat(cause)
                    .isInstanceOf(StreamQueueFullException.class)
                    .hasMessageContaining("a write of 1 bytes")
                    .hasMessageContaining("100000 of 100000");
            assertThat(List.of(taken, tooMuch, later)).allMatch(write -> write.cause() == cause);
            assertThat(end.recorder(1).events).filteredOn("error"::equals).hasSize(1);
            assertThat(end.recorder(1).events).endsWith("error", "inactive");
            assertThat(end.recorder(1).error).isSameAs(cause);
            assertThat(end.yamux.openStreams()).isZero();
        }
    }

    @Test
    void refusesWhatIsNotBytes() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            assertThat(stream.writeAndFlush("text").cause()).isInstanceOf(UnsupportedOperationException.class);
            assertThat(stream.isActive()).isTrue();
        }
    }

    /** Noise, for example, collects writes, and the connection does not see them before the flush. */
    @Test
    void flushesWhenAHandlerInFrontHoldsAsMuchAsTheConnectionTakes() {
        try (End end = new End(Role.INITIATOR)) {
            Holder holder = new Holder();
            end.channel.pipeline().addFirst(holder);
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.writeAndFlush(End.bytes(200_000));

            assertThat(end.sentBytes().readableBytes()).isGreaterThan(200_000);
            int highWaterMark = end.channel.config().getWriteBufferHighWaterMark();
            assertThat(holder.mostBytes)
                    .isBetween(FrameWriter.MAX_BODY_BYTES, highWaterMark + FrameWriter.MAX_BODY_BYTES + 100);
        }
    }

    /** When half of the streams have received everything, the slowest one has received at least half. */
    @Test
    void streamsThatWriteAtOnceShareTheConnectionEvenly() {
        int streams = 200;
        int each = 150_000;
        int[] received = new int[streams];
        int[] complete = new int[1];
        int[] slowestAtHalfTime = new int[1];
        try (Pair pair = new Pair()) {
            pair.responder.onInbound = stream -> {
                int number = pair.responder.inbound.size() - 1;
                stream.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
                        received[number] += in.readableBytes();
                        if (received[number] == each && ++complete[0] == streams / 2) {
                            slowestAtHalfTime[0] = IntStream.of(received).min().orElseThrow();
                        }
                    }
                });
            };
            List<YamuxStreamChannel> all = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                all.add(pair.initiator.open());
            }
            pair.pump();

            pair.initiator.stall();
            all.forEach(stream -> stream.writeAndFlush(End.bytes(each)));
            pair.initiator.unstall();
            pair.pump();

            assertThat(complete[0]).isEqualTo(streams);
            assertThat(slowestAtHalfTime[0]).isGreaterThanOrEqualTo(each / 2);
        }
    }

    @Test
    void isWritableByItsWaterMarks() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
            stream.write(End.bytes(20));
            assertThat(stream.isWritable()).isTrue();
            assertThat(stream.bytesBeforeUnwritable()).isEqualTo(1);
            stream.write(End.bytes(1));
            assertThat(stream.isWritable()).isFalse();
            assertThat(stream.bytesBeforeWritable()).isEqualTo(12);
            stream.flush();

            assertThat(stream.isWritable()).isTrue();
            assertThat(end.recorder(1).events).containsExactly("active", "writable=false", "writable=true");
        }
    }

    @Test
    void isWritableByItsWindow() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 19, 1 << 20));
            stream.writeAndFlush(End.bytes(262_144));
            end.sent();
            assertThat(stream.isWritable()).isFalse();
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 1));

            assertThat(stream.isWritable()).isTrue();
            assertThat(end.recorder(1).events).endsWith("writable=true");
        }
    }

    @Test
    void isWritableByItsConnectionAndTellsThoseThatAskedOrWrote() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel busy = end.open();
            YamuxStreamChannel asked = end.open();
            YamuxStreamChannel wrote = end.open();
            YamuxStreamChannel quiet = end.open();
            end.sent();
            end.stall();
            busy.writeAndFlush(End.bytes(100_000));
            assertThat(asked.isWritable()).isFalse();
            wrote.writeAndFlush(End.bytes(1));
            assertThat(end.recorder(wrote.streamId()).events).containsExactly("active", "writable=false");

            end.unstall();

            assertThat(asked.isWritable()).isTrue();
            assertThat(end.recorder(asked.streamId()).events).containsExactly("active", "writable=true");
            assertThat(end.recorder(wrote.streamId()).events)
                    .containsExactly("active", "writable=false", "writable=true");
            assertThat(end.recorder(quiet.streamId()).events).containsExactly("active");
        }
    }

    @Test
    void fillsItsFramesForAWriterThatMindsWhetherItIsWritable() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 16 << 20));
            end.sent();
            Writer writer = new Writer(64);
            stream.pipeline().addFirst(writer);
            end.stall();
            writer.write(stream);
            end.unstall();

            List<Frame> frames = end.sent();

            assertThat(writer.left).isZero();
            assertThat(frames.stream().mapToLong(Frame::length).sum()).isEqualTo(64 * 65_536);
            assertThat(frames).filteredOn(frame -> frame.length() < 65_506).hasSizeLessThan(20);
        }
    }

    /** Writes 64 KiB repeatedly, as long as the stream is writable. */
    private static final class Writer extends ChannelInboundHandlerAdapter {
        int left;

        Writer(int pieces) {
            left = pieces;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            write((YamuxStreamChannel) ctx.channel());
        }

        void write(YamuxStreamChannel stream) {
            while (left > 0 && stream.isWritable()) {
                left--;
                stream.writeAndFlush(End.bytes(65_536));
            }
        }
    }

    /**
     * The first thread that asks creates the list of waiting streams. There are many rounds, since the threads must
     * collide there.
     */
    @Test
    void tellsThoseThatAskedOnSeveralThreadsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 300; round++) {
                try (End end = new End(Role.INITIATOR)) {
                    YamuxStreamChannel busy = end.open();
                    List<YamuxStreamChannel> asked = List.of(end.open(), end.open());
                    end.sent();
                    end.stall();
                    busy.writeAndFlush(End.bytes(100_000));

                    AtomicInteger missing = new AtomicInteger(asked.size());
                    List<Callable<Boolean>> questions = new ArrayList<>();
                    asked.forEach(stream -> questions.add(() -> {
                        missing.decrementAndGet();
                        while (missing.get() > 0) {
                            Thread.onSpinWait();
                        }
                        return stream.isWritable();
                    }));
                    for (Future<Boolean> answer : threads.invokeAll(questions)) {
                        assertThat(answer.get()).isFalse();
                    }
                    end.unstall();

                    for (YamuxStreamChannel stream : asked) {
                        assertThat(end.recorder(stream.streamId()).events).containsExactly("active", "writable=true");
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void flushesOncePerRoundOfReading() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.pipeline().addLast(new Echo());
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            end.sent();
            int before = end.valve.flushes;
            end.receive(
                    Frame.data(Flags.NONE, 1, "a"),
                    Frame.data(Flags.NONE, 3, "b"),
                    Frame.ping(Flags.SYN, 1),
                    Frame.data(Flags.NONE, 1, "c"));

            assertThat(end.valve.flushes - before).isEqualTo(1);
            assertThat(end.sent())
                    .containsExactly(
                            Frame.ping(Flags.ACK, 1), Frame.data(Flags.NONE, 1, "ac"), Frame.data(Flags.NONE, 3, "b"));
        }
    }

    /** An application may open the next stream whenever one has ended. It needs no separate flush for each. */
    @Test
    void whatIsWrittenWhenStreamsHaveEndedLeavesTogether() {
        try (End end = new End(Role.INITIATOR)) {
            for (int i = 0; i < 3; i++) {
                YamuxStreamChannel stream = end.open(opened -> opened.pipeline().addFirst(new Next(end)));
                stream.shutdownOutput();
            }
            end.sent();
            int before = end.valve.flushes;

            end.receive(
                    Frame.data(Flags.ACK | Flags.FIN, 1, ""),
                    Frame.data(Flags.ACK | Flags.FIN, 3, ""),
                    Frame.data(Flags.ACK | Flags.FIN, 5, ""));

            assertThat(end.sent())
                    .containsExactly(
                            Frame.data(Flags.SYN, 7, "next"),
                            Frame.data(Flags.SYN, 9, "next"),
                            Frame.data(Flags.SYN, 11, "next"));
            assertThat(end.valve.flushes - before).isEqualTo(1);
        }
    }

    /** If a handler ends one stream after another, other tasks run on the event loop in between. */
    @Test
    void anEndThatComesUpWhileOthersAreToldGetsATaskOfItsOwn() {
        List<String> told = new ArrayList<>();
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel second =
                    end.open(opened -> opened.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            told.add("second");
                        }
                    }));
            YamuxStreamChannel first =
                    end.open(opened -> opened.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            told.add("first");
                            second.reset(0);
                            ctx.executor().execute(() -> told.add("other"));
                        }
                    }));

            first.reset(0);
            end.channel.runPendingTasks();

            assertThat(told).containsExactly("first", "other", "second");
        }
    }

    @Test
    void aListenerMayWriteMoreFromWithinAFlush() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 100_000_000));
            end.sent();
            int[] left = {3000};
            writeMore(stream, left);
            end.sentBytes().release();
            while (left[0] > 0) {
                end.sentBytes().release();
            }

            assertThat(stream.local().output().queuedBytes()).isZero();
        }
    }

    private static void writeMore(YamuxStreamChannel stream, int[] left) {
        if (left[0]-- > 0) {
            stream.writeAndFlush(End.bytes(10_000)).addListener(done -> writeMore(stream, left));
        }
    }

    @Test
    void carriesAnyNettyCodec() {
        try (Pair pair = new Pair()) {
            List<String> messages = new ArrayList<>();
            pair.responder.onInbound = stream -> stream.pipeline()
                    .addLast(new LengthFieldBasedFrameDecoder(1 << 20, 0, 4, 0, 4), new LengthFieldPrepender(4))
                    .addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ByteBuf in = (ByteBuf) msg;
                            messages.add(in.toString(StandardCharsets.ISO_8859_1));
                            ctx.writeAndFlush(in);
                        }
                    });
            List<String> answers = new ArrayList<>();
            YamuxStreamChannel stream = pair.initiator.open(opened -> opened.pipeline()
                    .addFirst(
                            new LengthFieldBasedFrameDecoder(1 << 20, 0, 4, 0, 4),
                            new LengthFieldPrepender(4),
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                    ByteBuf in = (ByteBuf) msg;
                                    answers.add(in.toString(StandardCharsets.ISO_8859_1));
                                    in.release();
                                }
                            }));
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String text = Integer.toString(i).repeat(i * 100 + 1);
                sent.add(text);
                stream.pipeline().writeAndFlush(End.bytes(text));
                pair.pump();
            }

            assertThat(messages).isEqualTo(sent);
            assertThat(answers).isEqualTo(sent);
        }
    }

    @Test
    void bothEndsCanSendMuchAtOnce() { // SEC-51
        try (Pair pair = new Pair(End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 64L << 20))) {
            YamuxStreamChannel one = pair.initiator.open();
            pair.pump();
            YamuxStreamChannel two = pair.other(one);
            ChannelFuture up = one.writeAndFlush(End.bytes(20 << 20));
            ChannelFuture down = two.writeAndFlush(End.bytes(20 << 20));
            pair.pump();

            assertThat(up.isSuccess()).isTrue();
            assertThat(down.isSuccess()).isTrue();
            assertThat(pair.initiator.recorder(1).bytes).isEqualTo(20 << 20);
            assertThat(pair.responder.recorder(1).bytes).isEqualTo(20 << 20);
        }
    }

    @Test
    @Conforms({"YMX-7", "YMX-26"})
    void sendsOneFlagAFrame() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                End.send(stream, "answer");
                stream.close();
            };
            end.receive(Frame.data(Flags.SYN | Flags.FIN, 1, "request"));
            end.open().close();

            List<Frame> sent = end.sent();
            assertThat(sent).extracting(Frame::flags).isSubsetOf(0, Flags.SYN, Flags.ACK, Flags.FIN, Flags.RST);
            assertThat(sent)
                    .noneMatch(frame -> frame.type() == FrameType.DATA && frame.has(Flags.FIN) && frame.length() > 0);
        }
    }

    /** Transports, and handlers in front of the session, may complete a promise with any of its methods. */
    @ParameterizedTest
    @ValueSource(strings = {"setSuccess", "trySuccess", "setFailure", "tryFailure"})
    void aWriteIsDoneInWhicheverWayTheConnectionCompletesIt(String way) {
        IOException fault = new IOException("provoked by the test");
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            List<Boolean> again = new ArrayList<>();
            end.channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                    ReferenceCountUtil.release(msg);
                    if (promise.isVoid()) {
                        return;
                    }
                    switch (way) {
                        case "setSuccess" -> assertThat(promise.setSuccess()).isSameAs(promise);
                        case "trySuccess" -> assertThat(promise.trySuccess()).isTrue();
                        case "setFailure" ->
                            assertThat(promise.setFailure(fault)).isSameAs(promise);
                        default -> assertThat(promise.tryFailure(fault)).isTrue();
                    }
                    again.add(promise.trySuccess() || promise.tryFailure(fault));
                }
            });
            ChannelFuture write = End.send(stream, "x");

            assertThat(write.isDone()).isTrue();
            assertThat(write.cause()).isSameAs(way.endsWith("Failure") ? fault : null);
            assertThat(stream.local().heldBytes()).isZero();
            assertThat(again).as("a promise is completed once").containsExactly(false);
        }
    }

    /** Holds all writes until the flush. */
    private static final class Holder extends ChannelOutboundHandlerAdapter {
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private int heldBytes;
        int mostBytes;

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            heldBytes += ((ByteBuf) msg).readableBytes();
            mostBytes = Math.max(mostBytes, heldBytes);
            held.add(() -> ctx.write(msg, promise));
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            heldBytes = 0;
            for (Runnable write; (write = held.poll()) != null; ) {
                write.run();
            }
            ctx.flush();
        }
    }

    /** Sends back all input. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }
    }

    @Test
    void takesEveryWriteOfATaskThatUsedItsRoomUpWithTheFirst() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            ChannelFuture first = stream.write(End.bytes(70_000));
            ChannelFuture second = stream.write(End.bytes(10_000));
            end.sent(); // the task is over
            ChannelFuture later = stream.write(End.bytes(1));

            assertThat(later.cause()).isInstanceOf(StreamQueueFullException.class);
            assertThat(List.of(first, second)).as("no gap").allMatch(write -> write.cause() == later.cause());
        }
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            YamuxStreamChannel stream = end.open();
            end.sent();
            stream.write(End.bytes(70_000));
            ChannelFuture second = stream.writeAndFlush(End.bytes(10_000));

            assertThat(second.isSuccess()).isTrue();
        }
    }

    @Test
    void takesEveryWriteOfATaskThatUsedTheWindowUp() {
        List<ChannelFuture> writes = new ArrayList<>();
        try (End end = new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            end.onInbound = stream -> {
                stream.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 19, 1 << 20));
                stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelReadComplete(ChannelHandlerContext ctx) {
                        ChannelFuture first = ctx.writeAndFlush(End.bytes(262_144));
                        writes.add(first);
                        first.addListener(done -> writes.add(ctx.writeAndFlush(End.bytes(10_000))));
                    }
                });
            };
            end.receive(Frame.data(Flags.SYN, 1, "x"));
            assertThat(writes).hasSize(2);
            assertThat(writes.get(1).isDone()).isFalse();

            ChannelFuture later = End.send(end.inbound(1), "x");

            assertThat(later.cause()).isInstanceOf(StreamQueueFullException.class);
            assertThat(writes.get(1).cause()).as("no gap").isSameAs(later.cause());
        }
    }

    @Test
    void takesFromLaterTasksWhatMayWaitAndNoByteMoreWhenTheWindowIsUsedUp() {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.STREAM_SEND_QUEUE_BYTES, 1000L))) {
            YamuxStreamChannel stream = end.open();
            stream.writeAndFlush(End.bytes(262_144));
            end.sent(); // the task is over
            ChannelFuture taken = stream.writeAndFlush(End.bytes(1000));
            assertThat(taken.isDone()).isFalse();

            ChannelFuture refused = stream.writeAndFlush(End.bytes(1));

            assertThat(refused.cause()).isInstanceOf(StreamQueueFullException.class);
            assertThat(end.sent()).contains(Frame.reset(1, 0x1002));
        }
    }

    @Test
    @Conforms("YMX-44")
    void creditOfNothingOpensNoWindow() {
        try (End end = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = end.open();
            stream.writeAndFlush(End.bytes(262_144));
            end.sent();
            end.recorder(1).events.clear();
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 0));

            assertThat(stream.isWritable()).isFalse();
            assertThat(end.recorder(1).events).isEmpty();
        }
    }

    /** A handler that delays reads does not delay data that autoRead has asked for. */
    @Test
    void autoReadPassesEverythingOnThatWaited() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
                    private boolean asked;

                    @Override
                    public void read(ChannelHandlerContext ctx) {
                        if (!asked) {
                            asked = true;
                            ctx.read();
                        }
                    }
                });
            };
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            for (int i = 0; i < 40; i++) {
                end.receive(Frame.data(Flags.NONE, 1, End.text(1000)));
            }
            end.inbound(1).config().setAutoRead(true);

            assertThat(end.recorder(1).reads).isEqualTo(40);
            assertThat(end.recorder(1).bytes).isEqualTo(40_000);
        }
    }

    /** A handler may modify a buffer that it receives, so it does not receive a buffer that other code also holds. */
    @Test
    void passesOnASliceOfABufferThatOthersHold() {
        List<ByteBuf> read = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    read.add((ByteBuf) msg);
                }
            });
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            ByteBuf held = Frame.data(Flags.NONE, 1, "shared").encode();
            end.receive(held.retain());
            ByteBuf own = Frame.data(Flags.NONE, 1, "own").encode();
            end.receive(own);

            assertThat(read).hasSize(2);
            assertThat(held.refCnt()).isEqualTo(2);
            read.get(0).skipBytes(6);
            assertThat(held.getByte(12)).isEqualTo((byte) 's');
            assertThat(read.get(1).readableBytes()).isEqualTo(3);
            assertThat(read).allMatch(bytes -> bytes.getByte(0) == 's' || bytes.getByte(0) == 'o');
            read.forEach(ByteBuf::release);
            assertThat(own.refCnt()).as("nothing else holds it").isZero();
            held.release();
            assertThat(held.refCnt()).isZero();
        }
    }

    /** Opens the next stream when its own has ended. */
    private static final class Next extends ChannelInboundHandlerAdapter {
        private final End end;

        Next(End end) {
            this.end = end;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end.open(opened -> opened.writeAndFlush(End.bytes("next")));
        }
    }
}
