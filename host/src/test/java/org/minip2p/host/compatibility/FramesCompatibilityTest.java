package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import com.google.protobuf.StringValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.Delimiters;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.protobuf.ProtobufDecoder;
import io.netty.handler.codec.protobuf.ProtobufEncoder;
import io.netty.handler.codec.protobuf.ProtobufVarint32FrameDecoder;
import io.netty.handler.codec.protobuf.ProtobufVarint32LengthFieldPrepender;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.minip2p.host.PauseWhileUnwritable;
import org.minip2p.yamux.StreamQueueFullException;

/** Netty's codecs for frames, lines and text. */
class FramesCompatibilityTest {
    private static final int FRAMES = 16;
    private static final int MAX_FRAME_BYTES = 1 << 20;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange LENGTHS = Exchange.of(
                    "LengthFieldBasedFrameDecoder, LengthFieldPrepender",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                            new LengthFieldPrepender(4),
                            new Echo()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                            new LengthFieldPrepender(4),
                            new Asker<>(
                                    ByteBuf.class, frames(number), FRAMES, FramesCompatibilityTest::digest, answer)),
                    FramesCompatibilityTest::digests)
            .withHostileClients(new byte[] {0, 0, 0, 100, 1, 2, 3}, new byte[] {-1, -1, -1, -1, 1})
            .withHostileServers(new byte[] {0, 0, 0, 100, 1, 2, 3}, new byte[] {0x7f, -1, -1, -1, 1});

    private static final Exchange PROTOBUF = Exchange.of(
                    "ProtobufVarint32FrameDecoder, ProtobufDecoder, ProtobufVarint32LengthFieldPrepender, ProtobufEncoder",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new ProtobufVarint32FrameDecoder(),
                            new ProtobufDecoder(StringValue.getDefaultInstance()),
                            new ProtobufVarint32LengthFieldPrepender(),
                            new ProtobufEncoder(),
                            new SimpleChannelInboundHandler<StringValue>() {
                                @Override
                                protected void channelRead0(ChannelHandlerContext ctx, StringValue asked) {
                                    ctx.writeAndFlush(StringValue.of("you said " + asked.getValue()));
                                }
                            }),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new ProtobufVarint32FrameDecoder(),
                            new ProtobufDecoder(StringValue.getDefaultInstance()),
                            new ProtobufVarint32LengthFieldPrepender(),
                            new ProtobufEncoder(),
                            new Asker<>(
                                    StringValue.class,
                                    List.of(StringValue.of("a" + number), StringValue.of("b".repeat(300))),
                                    2,
                                    StringValue::getValue,
                                    answer)),
                    number -> "you said a" + number + "|you said " + "b".repeat(300))
            .withHostileClients(new byte[] {100, 10, 3, 'a'}, new byte[] {-1, -1, -1, -1, -1, -1})
            .withHostileServers(new byte[] {100, 10, 3, 'a'}, new byte[] {3, 10, 100, 'a'});

    private static final Exchange LINES = Exchange.of(
                    "LineBasedFrameDecoder, StringDecoder, StringEncoder",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(StandardCharsets.UTF_8),
                            new StringEncoder(StandardCharsets.UTF_8),
                            new Loudly()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(StandardCharsets.UTF_8),
                            new StringEncoder(StandardCharsets.UTF_8),
                            new Asker<>(
                                    String.class,
                                    List.of("one " + number + "\r\n", "t", "wo\nthree\n"),
                                    3,
                                    line -> line,
                                    answer)),
                    number -> "ONE " + number + "|TWO|THREE")
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"))
            .withHostileServers(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    // As in Netty's example "telnet": the server begins, and ends.
    private static final Exchange TELNET = Exchange.of(
                    "DelimiterBasedFrameDecoder, StringDecoder, StringEncoder; the server begins and ends",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new DelimiterBasedFrameDecoder(8192, Delimiters.lineDelimiter()),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Telnet()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new DelimiterBasedFrameDecoder(8192, Delimiters.lineDelimiter()),
                            new StringDecoder(),
                            new StringEncoder(),
                            new TelnetClient(number, answer)),
                    number -> "Welcome!|Did you say '" + number + "'?|Have a good day!|closed")
            .thatEndsItself()
            .withHostileClients(ascii("half a li"), ascii("x".repeat(9000)))
            .withHostileServersThatBegin(ascii("Welc"), ascii("x".repeat(9000)));

    private static final Exchange BUSY = Exchange.of(
            "LengthFieldBasedFrameDecoder, LengthFieldPrepender, PauseWhileUnwritable; 4 MiB and back",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(
                    PauseWhileUnwritable.INSTANCE,
                    new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                    new LengthFieldPrepender(4),
                    new Echo()),
            (pipeline, number, answer) -> pipeline.addLast(
                    new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                    new LengthFieldPrepender(4),
                    new BusyClient(number, answer)),
            BusyClient::expected);

    @Test
    void lengthFieldsWorkAsOnTcp() throws Exception {
        CARRIERS.check(LENGTHS);
    }

    @Test
    void lengthFieldsOnABusyStreamWorkAsOnTcp() throws Exception {
        CARRIERS.check(BUSY, Carriers.LARGE, 2);
    }

    @Test
    void protobufMessagesWorkAsOnTcp() throws Exception {
        CARRIERS.check(PROTOBUF);
    }

    @Test
    void linesWorkAsOnTcp() throws Exception {
        CARRIERS.check(LINES);
    }

    @Test
    void aServerThatBeginsAndEndsWorksAsOnTcp() throws Exception {
        CARRIERS.check(TELNET);
    }

    /** What TCP has no bound for, a stream has; who goes beyond it loses the stream, and its peer sees no frame that was not sent. */
    @Test
    void aWriterThatNeverLooksLosesItsStreamAndNoFrameIsGarbage() throws Exception {
        for (StreamCarrier carrier : CARRIERS.streams()) {
            String name = CARRIERS.newName();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            carrier.serve(
                    name,
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(new LengthFieldPrepender(4), new Reckless(failure)));
            CompletableFuture<List<String>> seen = new CompletableFuture<>();

            Channel reading = Carriers.await(
                    carrier.open(name, CLOSE_WITH_PEER, pipeline -> {
                        pipeline.channel().config().setAutoRead(false);
                        pipeline.addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4), new Late(seen));
                    }),
                    name,
                    carrier);
            Throwable cause = Carriers.await(failure, name, carrier);
            reading.config().setAutoRead(true);

            assertThat(cause).isInstanceOf(StreamQueueFullException.class);
            List<String> frames = Carriers.await(seen, name, carrier);
            assertThat(frames.get(frames.size() - 1)).isEqualTo("StreamResetException");
            for (int i = 0; i < frames.size() - 1; i++) {
                assertThat(frames.get(i)).isEqualTo(digest(Unpooled.wrappedBuffer(frame(0, i, Reckless.MAX_BYTES))));
            }
            carrier.awaitNothingLeft(name);
        }
    }

    private static List<ByteBuf> frames(int number) {
        return IntStream.range(0, FRAMES)
                .mapToObj(frame -> Unpooled.wrappedBuffer(frame(number, frame, 3000)))
                .toList();
    }

    private static byte[] frame(int number, int frame, int maxBytes) {
        byte[] content = new byte[(number * 31 + frame * 977) % maxBytes];
        Arrays.fill(content, (byte) (number + frame));
        return content;
    }

    private static String digest(ByteBuf bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.nioBuffer());
        return bytes.readableBytes() + ":" + crc.getValue();
    }

    private static String digests(int number) {
        return frames(number).stream().map(FramesCompatibilityTest::digest).collect(Collectors.joining("|"));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            ctx.writeAndFlush(frame);
        }
    }

    /** Writes, task by task, far more than a stream takes. */
    private static final class Reckless extends ChannelInboundHandlerAdapter {
        private static final int MAX_BYTES = 20_000;
        private static final int FRAMES = 1_000;

        private final CompletableFuture<Throwable> failure;

        Reckless(CompletableFuture<Throwable> failure) {
            this.failure = failure;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            write(ctx, 0);
        }

        private void write(ChannelHandlerContext ctx, int frame) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(frame(0, frame, MAX_BYTES)));
            if (frame + 1 < FRAMES) {
                ctx.executor().execute(() -> write(ctx, frame + 1));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.complete(cause);
        }
    }

    /** What it reads, and how that ends. */
    private static final class Late extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<List<String>> seen;
        private final List<String> events = new ArrayList<>();

        Late(CompletableFuture<List<String>> seen) {
            this.seen = seen;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            events.add(digest(frame));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause.getClass().getSimpleName());
            seen.complete(events);
        }
    }

    private static final class Loudly extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(line.toUpperCase(Locale.ROOT) + "\n");
        }
    }

    private static final class Telnet extends SimpleChannelInboundHandler<String> {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush("Welcome!\r\n");
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String request) {
            if (request.equals("bye")) {
                ctx.writeAndFlush("Have a good day!\r\n").addListener(ChannelFutureListener.CLOSE);
            } else {
                ctx.writeAndFlush("Did you say '" + request + "'?\r\n");
            }
        }
    }

    /** Says something when it is welcome, and is done when the server has closed. */
    private static final class TelnetClient extends SimpleChannelInboundHandler<String> {
        private final int number;
        private final CompletableFuture<String> answer;
        private final List<String> lines = new ArrayList<>();

        TelnetClient(int number, CompletableFuture<String> answer) {
            this.number = number;
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            lines.add(line);
            switch (lines.size()) {
                case 1 -> ctx.writeAndFlush(number + "\r\n");
                case 2 -> ctx.writeAndFlush("bye\r\n");
                default -> {}
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (lines.size() == 3) {
                lines.add("closed");
                answer.complete(String.join("|", lines));
            }
            ctx.fireChannelInactive();
        }
    }

    /** Writes frames while it may, and counts what comes back. */
    private static final class BusyClient extends SimpleChannelInboundHandler<ByteBuf> {
        private static final int MAX_BYTES = 60_000;
        private static final int COUNT = 4 * (1 << 20) / (MAX_BYTES / 2);

        private final int number;
        private final CompletableFuture<String> answer;
        private int sent;
        private int received;
        private long hash;

        BusyClient(int number, CompletableFuture<String> answer) {
            this.number = number;
            this.answer = answer;
        }

        static String expected(int number) {
            long hash = 0;
            for (int i = 0; i < COUNT; i++) {
                hash = 31 * hash
                        + digest(Unpooled.wrappedBuffer(frame(number, i, MAX_BYTES)))
                                .hashCode();
            }
            return COUNT + " frames " + hash;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            writeMore(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            writeMore(ctx);
        }

        private void writeMore(ChannelHandlerContext ctx) {
            while (sent < COUNT && ctx.channel().isWritable()) {
                ctx.write(Unpooled.wrappedBuffer(frame(number, sent++, MAX_BYTES)));
            }
            ctx.flush();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            hash = 31 * hash + digest(frame).hashCode();
            if (++received == COUNT) {
                answer.complete(received + " frames " + hash);
            }
        }
    }
}
