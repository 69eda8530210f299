package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.Hosts;
import org.minip2p.transport.IoBackend;

/** Large contents in chunks, with Netty's ChunkedWriteHandler. */
class FilesCompatibilityTest {
    /** {@code -Dcompatibility.file.mebibytes=4096} makes the file far larger than the sender's memory. */
    private static final long FILE_BYTES = Long.getLong("compatibility.file.mebibytes", 100) << 20;

    private static final int ANSWER_BYTES = 50_000;
    private static final int MUCH_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    @TempDir
    Path dir;

    // The client ends its side with its request, before a server that answers in chunks is done.
    private static final Exchange REQUEST_END_ANSWER = Exchange.of(
                    "ChunkedWriteHandler, the client ends its side with its request",
                    HALF_OPEN,
                    pipeline -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new ChunkedWriteHandler(),
                            new AnswersOnce() {
                                @Override
                                ChannelFuture answer(ChannelHandlerContext ctx, String line) {
                                    int bytes = line.equals("much") ? MUCH_BYTES : ANSWER_BYTES;
                                    return ctx.writeAndFlush(new ChunkedStream(new Source(bytes)));
                                }
                            }),
                    (pipeline, number, answer) -> pipeline.addLast(new Receiver("please", true, answer)),
                    number -> ANSWER_BYTES + " bytes, CRC " + crc(new byte[ANSWER_BYTES]))
            .thatEndsItself()
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"))
            // These clients act in the middle of an answer that is longer than a window. The last one only sends more.
            .withHostileClientsThatOpen(ascii("much\n"), ascii("half a li"), ascii("half a li"));

    @Test
    void anAnswerInChunksToAClientThatHasEndedItsSideWorksAsOnTcp() throws Exception {
        CARRIERS.check(REQUEST_END_ANSWER);

        assertThat(Source.OPEN).as("sources that were not closed").hasValue(0);
    }

    @Test
    void aFileLargerThanTheSendersMemoryArrivesAsOnTcp() throws Exception {
        Path file = sparseFile();
        List<String> backends = Stream.of("nio", "epoll")
                .filter(io -> IoBackend.unavailability(io).isEmpty())
                .toList();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                FileServer.class.getName()));
        command.addAll(backends);
        String expected = FILE_BYTES + " bytes, CRC " + crc(file);
        List<String> results = new ArrayList<>();

        try (ChildProcess<String> server = ChildProcess.start("file server", command, ChildProcess.Stderr.KEEP)) {
            int port = Integer.parseInt(server.awaitLine(PATIENCE));
            results.add(overTcp(port, file));
            for (String io : backends) {
                results.add(overAStream(io, Multiaddr.parse(server.awaitLine(PATIENCE)), file));
            }
        }

        assertThat(results).allMatch(result -> result.equals(expected));
        ResultTable.add(
                "ChunkedWriteHandler, ChunkedFile; " + (FILE_BYTES >> 20) + " MiB from a process with -Xmx64m",
                CLOSE_WITH_PEER,
                1,
                results.stream().map(result -> "1 ok").toList());
    }

    /** The same applies to TLS on TCP, because the kernel alone cannot send encrypted bytes. */
    @Test
    void aStreamRefusesAFileRegionAndGoesOn() throws Exception {
        Exchange exchange = Exchange.of(
                "DefaultFileRegion",
                CLOSE_WITH_PEER,
                pipeline -> pipeline.addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(ctx.alloc().buffer().writeByte('!'));
                    }
                }),
                (pipeline, number, answer) -> pipeline.addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                        ctx.writeAndFlush(new DefaultFileRegion(new File("none"), 0, 10))
                                .addListener(written -> answer.complete(
                                        written.cause().getClass().getSimpleName()));
                    }
                }),
                number -> "UnsupportedOperationException");

        for (StreamCarrier carrier : CARRIERS.streams()) {
            assertThat(CARRIERS.checkGood(carrier, exchange, 2, 2)).isEqualTo(4);
        }
    }

    private String overTcp(int port, Path file) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            CompletableFuture<String> answer = new CompletableFuture<>();
            new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Receiver(file.toString(), false, answer));
                        }
                    })
                    .connect("127.0.0.1", port)
                    .sync();
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private String overAStream(String io, Multiaddr address, Path file) throws Exception {
        try (Hosts hosts = new Hosts(io)) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            await(await(hosts.dialer().dial(address))
                    .openStream(
                            FileServer.PROTOCOL,
                            stream -> stream.pipeline().addLast(new Receiver(file.toString(), false, answer))));
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Zeros with some other numbers between them, so that a chunk in the wrong place is noticed. */
    private Path sparseFile() throws IOException {
        Path path = dir.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(FILE_BYTES);
            for (long at = 0; at < FILE_BYTES; at += FILE_BYTES / 50 + 4321) {
                file.seek(at);
                file.writeLong(at);
            }
        }
        return path;
    }

    private static String crc(Path path) throws IOException {
        CRC32 crc = new CRC32();
        try (FileChannel file = FileChannel.open(path)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            while (file.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
            }
        }
        return Long.toHexString(crc.getValue());
    }

    private static String crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    /** A source of zeros. Counts the sources that are not closed. */
    private static final class Source extends ByteArrayInputStream {
        static final AtomicInteger OPEN = new AtomicInteger();

        Source(int bytes) {
            super(new byte[bytes]);
            OPEN.incrementAndGet();
        }

        @Override
        public void close() throws IOException {
            super.close();
            OPEN.decrementAndGet();
        }
    }

    /** Sends a question, and reports the bytes that it received up to the end. */
    private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        private final String question;
        private final boolean ends;
        private final CompletableFuture<String> answer;
        private final CRC32 crc = new CRC32();
        private long bytes;

        Receiver(String question, boolean ends, CompletableFuture<String> answer) {
            this.question = question;
            this.ends = ends;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeBytes((question + "\n").getBytes(StandardCharsets.UTF_8)));
            if (ends) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            bytes += in.readableBytes();
            crc.update(in.nioBuffer());
        }

        /** The end of the input of a half-open channel. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                end();
            }
        }

        /** The end of any other channel. */
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end();
            ctx.fireChannelInactive();
        }

        private void end() {
            answer.complete(bytes + " bytes, CRC " + Long.toHexString(crc.getValue()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
            ctx.close();
        }
    }
}
