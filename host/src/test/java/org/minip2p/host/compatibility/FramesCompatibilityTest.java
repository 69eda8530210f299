package org.minip2p.host.compatibility;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import com.google.protobuf.StringValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
                            new Frames.Echo()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                            new LengthFieldPrepender(4),
                            new Asker<>(ByteBuf.class, frames(number), FRAMES, Frames::digest, answer)),
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

    // As in Netty's example "telnet", the server begins and ends.
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

    @Test
    void lengthFieldsWorkAsOnTcp() throws Exception {
        CARRIERS.check(LENGTHS);
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

    private static List<ByteBuf> frames(int number) {
        return IntStream.range(0, FRAMES)
                .mapToObj(frame -> Unpooled.wrappedBuffer(Frames.frame(number, frame, 3000)))
                .toList();
    }

    private static String digests(int number) {
        return frames(number).stream().map(Frames::digest).collect(Collectors.joining("|"));
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

    /** Sends a line after the welcome, and is done when the server has closed the channel. */
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
}
