package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;

/**
 * A process that is the other end of a benchmark: it serves {@link BenchProtocols} and bare sockets. It prints its address on the first
 * line, and the port of the bare sockets, which echo, on the second. Then it executes commands from stdin, one on each line, and answers
 * each with one line:
 *
 * <ul>
 *   <li>{@code memory}: collects garbage, and reports the memory in use, as {@link MemoryUse#toLine}.
 *   <li>{@code allocated}: the bytes that its threads have allocated so far.
 *   <li>{@code dial ADDRESS}: connects.
 *   <li>{@code open ADDRESS COUNT}: opens COUNT streams of the echo protocol, and sends 32 bytes there and back on each.
 *   <li>{@code close}: closes all connections.
 * </ul>
 */
final class BenchNode {
    private static final int AT_ONCE = 64;

    private final Host host;

    private BenchNode(Host host) {
        this.host = host;
    }

    /** Runs until the end of the standard input. */
    public static void main(String[] args) throws IOException {
        BenchProtocols.Echo echo = new BenchProtocols.Echo();
        BenchProtocols.Sink sink = new BenchProtocols.Sink();
        Host host = BenchHosts.done(BenchHosts.builder()
                .listen("/ip4/127.0.0.1/tcp/0")
                .handle(
                        BenchProtocols.ECHO,
                        HALF_OPEN,
                        stream -> stream.pipeline().addLast(echo))
                .handle(
                        BenchProtocols.SINK,
                        HALF_OPEN,
                        stream -> stream.pipeline().addLast(sink))
                .handle(
                        BenchProtocols.SOURCE,
                        HALF_OPEN,
                        stream -> stream.pipeline().addLast(new BenchProtocols.Source()))
                .start());
        try (BareSockets bare = new BareSockets();
                host) {
            Channel listening = bare.listen(pipeline -> pipeline.addLast(echo));
            answer(host.addresses().get(0).toString());
            answer(Integer.toString(((InetSocketAddress) listening.localAddress()).getPort()));
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            BenchNode node = new BenchNode(host);
            for (String line; (line = lines.readLine()) != null; ) {
                answer(node.obey(line.split(" ", -1)));
            }
        }
    }

    private static void answer(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private String obey(String[] words) {
        return switch (words[0]) {
            case "memory" -> MemoryUse.now().toLine();
            case "allocated" -> Long.toString(Allocation.ofThisProcess());
            case "dial" -> {
                BenchHosts.done(BenchHosts.connect(host, words[1]).ping());
                yield "connected";
            }
            case "open" -> {
                openIdleStreams(BenchHosts.connect(host, words[1]), Integer.parseInt(words[2]));
                yield "opened";
            }
            case "close" -> {
                host.connections().stream().map(Connection::close).toList().forEach(BenchHosts::done);
                yield "closed";
            }
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        };
    }

    /** Opens a few at a time, so that only those few need buffers at once. */
    private static void openIdleStreams(Connection connection, int count) {
        Answered answered = new Answered();
        for (int open = 0; open < count; ) {
            List<CompletableFuture<ProtocolStream>> opening = new ArrayList<>();
            for (; opening.size() < AT_ONCE && open < count; open++) {
                opening.add(connection.openStream(BenchProtocols.ECHO, stream -> {
                    stream.pipeline().addLast(answered);
                    stream.channel().writeAndFlush(PingLoop.ping());
                }));
            }
            opening.forEach(BenchHosts::done);
            BenchHosts.done(answered.until(connection, (long) open * PingLoop.PING_BYTES));
        }
    }

    /** Counts what comes back, on all streams of a connection. Confined to its event loop, but for {@link #until}. */
    @ChannelHandler.Sharable
    private static final class Answered extends ChannelInboundHandlerAdapter {
        private CompletableFuture<Void> done = new CompletableFuture<>();
        private long expected = Long.MAX_VALUE;
        private long bytes;

        CompletableFuture<Void> until(Connection connection, long wanted) {
            CompletableFuture<Void> result = new CompletableFuture<>();
            connection.eventLoop().execute(() -> {
                done = result;
                expected = wanted;
                tell();
            });
            return result;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            ReferenceCountUtil.release(message);
            tell();
        }

        private void tell() {
            if (bytes >= expected) {
                done.complete(null);
            }
        }
    }
}
