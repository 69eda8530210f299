package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.logging.ByteBufFormat;
import io.netty.handler.logging.LogLevel;
import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.pcap.PcapWriteHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.minip2p.host.Hosts;
import org.slf4j.simple.CapturedLog;

/** Netty's handlers that stand between others: they hold messages back, gather them, log them or record them. */
class PlumbingCompatibilityTest {
    private static final int LINES = 10;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange FLOW_CONTROL = Exchange.of(
                    "FlowControlHandler, with read() for each message",
                    CLOSE_WITH_PEER,
                    pipeline -> {
                        pipeline.channel().config().setAutoRead(false);
                        pipeline.addLast(
                                new LineBasedFrameDecoder(1024),
                                new StringDecoder(),
                                new StringEncoder(),
                                new FlowControlHandler(),
                                new OneByOne());
                    },
                    PlumbingCompatibilityTest::askLines,
                    PlumbingCompatibilityTest::lines)
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final Exchange FLUSH_CONSOLIDATION = Exchange.of(
                    "FlushConsolidationHandler",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new FlushConsolidationHandler(256, true),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Repeats()),
                    PlumbingCompatibilityTest::askLines,
                    PlumbingCompatibilityTest::lines)
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final Exchange LOGGING = Exchange.of(
                    "LoggingHandler",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new LoggingHandler(Logged.class, LogLevel.DEBUG, ByteBufFormat.SIMPLE),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Repeats()),
                    PlumbingCompatibilityTest::askLines,
                    PlumbingCompatibilityTest::lines)
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final InetSocketAddress AT_SERVER = new InetSocketAddress("192.0.2.1", 4001);
    private static final InetSocketAddress AT_CLIENT = new InetSocketAddress("192.0.2.2", 50000);

    private static final Exchange PCAP = Exchange.of(
                    "PcapWriteHandler, with forceTcpChannel",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            PcapWriteHandler.builder()
                                    .forceTcpChannel(AT_SERVER, AT_CLIENT, true)
                                    .build(OutputStream.nullOutputStream()),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Repeats()),
                    (pipeline, number, answer) -> {
                        ByteArrayOutputStream capture = new ByteArrayOutputStream();
                        pipeline.addLast(PcapWriteHandler.builder()
                                .forceTcpChannel(AT_SERVER, AT_CLIENT, false)
                                .build(capture));
                        CompletableFuture<String> replied = new CompletableFuture<>();
                        askLines(pipeline, number, replied);
                        replied.whenComplete(
                                (lines, failure) -> answer.complete(lines + " " + captured(capture.toByteArray())));
                    },
                    number -> lines(number) + " sent " + lines(number).replace('|', '\n') + "\n, received "
                            + lines(number).replace('|', '\n') + "\n")
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final EventExecutorGroup EXECUTORS =
            new DefaultEventExecutorGroup(2, new DefaultThreadFactory("blocking", true));

    /**
     * Handlers that may block, as Netty's documentation shows them. The answer is not ready when the client has ended
     * its side.
     */
    @SuppressWarnings("deprecation") // Netty 4.2 advises against it, but many use it
    private static Exchange blocking() {
        return Exchange.of(
                        "a handler on an EventExecutorGroup; the client ends its side with its request",
                        HALF_OPEN,
                        pipeline -> pipeline.addLast(
                                        new LineBasedFrameDecoder(1024), new StringDecoder(), new StringEncoder())
                                .addLast(EXECUTORS, new AnswersOnce() {
                                    @Override
                                    ChannelFuture answer(ChannelHandlerContext ctx, String line) {
                                        ctx.write(line + " on an event loop: "
                                                + ctx.channel().eventLoop().inEventLoop());
                                        return ctx.writeAndFlush("\n");
                                    }
                                }),
                        (pipeline, number, answer) -> pipeline.addLast(
                                new LineBasedFrameDecoder(1024),
                                new StringDecoder(),
                                new StringEncoder(),
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelActive(ChannelHandlerContext ctx) {
                                        ctx.fireChannelActive();
                                        ((DuplexChannel) ctx.channel()).shutdownOutput();
                                    }
                                },
                                new Asker<>(String.class, List.of("line " + number + "\n"), 1, line -> line, answer)),
                        number -> "line " + number + " on an event loop: false")
                .thatEndsItself()
                .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"));
    }

    @Test
    void aHandlerOnItsOwnExecutorWorksAsOnTcp() throws Exception {
        CARRIERS.check(blocking());
    }

    @Test
    void flowControlWorksAsOnTcp() throws Exception {
        CARRIERS.check(FLOW_CONTROL);
    }

    @Test
    void consolidatedFlushesWorkAsOnTcp() throws Exception {
        CARRIERS.check(FLUSH_CONSOLIDATION);
    }

    @Test
    void packetCapturesHoldWhatOnTcpTheyHold() throws Exception {
        CARRIERS.check(PCAP);
    }

    @Test
    void aLogOfEventsIsAsOnTcp() throws Exception {
        List<List<String>> traces = new ArrayList<>();

        for (Carrier carrier : CARRIERS.all()) {
            try (CapturedLog log = new CapturedLog(Logged.class)) {
                int channels = CARRIERS.checkGood(carrier, LOGGING, 3, 10);
                Hosts.awaitTrue(
                        "all have ended",
                        () -> log.lines().stream()
                                        .filter(line -> line.endsWith(" UNREGISTERED"))
                                        .count()
                                == channels);
                traces.add(traces(log.lines()));
            }
        }
        CARRIERS.check(LOGGING);

        assertThat(traces.get(0)).singleElement().asString().startsWith("ACTIVE, READ: 120B, WRITE: 12B, FLUSH, ");
        assertThat(traces).allSatisfy(trace -> assertThat(trace).isEqualTo(traces.get(0)));
    }

    private static void askLines(ChannelPipeline pipeline, int number, CompletableFuture<String> answer) {
        String question = lines(number).replace('|', '\n') + "\n";
        pipeline.addLast(
                new LineBasedFrameDecoder(1024),
                new StringDecoder(),
                new StringEncoder(),
                new Asker<>(String.class, List.of(question), LINES, line -> line, answer));
    }

    private static String lines(int number) {
        return IntStream.range(0, LINES)
                .mapToObj(line -> "line " + line + " of " + number)
                .collect(Collectors.joining("|"));
    }

    /**
     * The different sequences of events on the channels, each as one text. Two known differences are left out. The
     * handlers of a stream are added when the stream is already registered. A socket completes one more read at the end
     * of its input.
     */
    private static List<String> traces(List<String> lines) {
        Pattern event = Pattern.compile("\\[id: (\\w+), [^]]*](?:/stream (\\d+) \\w+ \\w+ \\S+)? (.*)$");
        Map<String, List<String>> byChannel = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = event.matcher(line);
            assertThat(matcher.find()).as(line).isTrue();
            byChannel
                    .computeIfAbsent(matcher.group(1) + "/" + matcher.group(2), channel -> new ArrayList<>())
                    .add(matcher.group(3));
        }
        return byChannel.values().stream()
                .map(events -> String.join(", ", events)
                        .replace("REGISTERED, ACTIVE", "ACTIVE")
                        .replace("READ COMPLETE, READ COMPLETE", "READ COMPLETE"))
                .distinct()
                .toList();
    }

    /** The payloads of a capture, by direction. */
    private static String captured(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        assertThat(in.getInt()).isEqualTo(0xa1b2c3d4);
        in.position(24);
        StringBuilder sent = new StringBuilder();
        StringBuilder received = new StringBuilder();
        while (in.hasRemaining()) {
            in.position(in.position() + 8);
            int length = in.getInt();
            in.getInt();
            ByteBuffer packet = in.slice(in.position(), length);
            in.position(in.position() + length);
            int port = packet.getShort(14 + 20) & 0xffff;
            // The headers of Ethernet, IPv4 and TCP, the latter two without options.
            String payload = StandardCharsets.US_ASCII
                    .decode(packet.position(14 + 20 + 20))
                    .toString();
            (port == AT_CLIENT.getPort() ? sent : received).append(payload);
        }
        return "sent " + sent + ", received " + received;
    }

    /** Names a logger. */
    private static final class Logged {}

    private static final class Repeats extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(line + "\n");
        }
    }

    /** Requests each message separately. */
    private static final class OneByOne extends SimpleChannelInboundHandler<String> {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(line + "\n");
            ctx.read();
        }
    }
}
