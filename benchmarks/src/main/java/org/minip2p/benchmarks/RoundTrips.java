package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.Delivery;
import org.minip2p.core.testing.DelayingRelay.End;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.protocols.Identify;

/**
 * Round trips from a cold dial to the answer of an echo: minip2p, each of the others, and minip2p with each of the others in either role.
 *
 * <p>A relay that adds a round-trip time of 200 ms counts them by cause and effect, see {@link DelayingRelay}; the round trip of TCP counts
 * as one. The figure by time is the time from the accept at the relay until the answer leaves the relay for the dialer, in round trips,
 * plus one for TCP. The echo has 16 KiB because the relay recognizes the answer by its size: nothing else on these connections is as large.
 */
final class RoundTrips {
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final int ECHO_BYTES = 16_384;
    private static final Duration ROUND_TRIP = Duration.ofMillis(200);
    private static final List<String> PEERS = List.of("go", "js", "rust");
    private static final String OURS = "ours";
    private static final long SECONDS = 60;

    private final Settings settings;
    private final int runs;

    private RoundTrips(Settings settings) {
        this.settings = settings;
        this.runs = settings.quick() ? 1 : 5;
    }

    /** Measures the median of five runs of each pair, or a single run if it must be quick. */
    static List<Figure> run(Settings settings) throws IOException, InterruptedException {
        return new RoundTrips(settings).run();
    }

    private List<Figure> run() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        measure(OURS, OURS); // warm-up: loads classes
        List<Figure> ours = figures(OURS, OURS);
        figures.add(ours.get(0).atMost(3));
        figures.add(ours.get(1));
        for (String peer : PEERS) {
            if (settings.hasPeer("round trips", peer)) {
                figures.addAll(figures(OURS, peer));
                figures.addAll(figures(peer, OURS));
                figures.addAll(figures(peer, peer));
            }
        }
        return figures;
    }

    private List<Figure> figures(String dialer, String listener) throws IOException, InterruptedException {
        List<Delivery> answers = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            answers.add(measure(dialer, listener));
        }
        answers.sort(Comparator.comparing(Delivery::sinceAccept));
        Delivery median = answers.get(runs / 2);
        String name = "roundtrips/" + dialer + "-x-" + listener;
        double byTime = 1 + median.sinceAccept().toNanos() / (double) ROUND_TRIP.toNanos();
        return List.of(
                Figure.of(name, median.roundTrips(), "round trips"), Figure.of(name + "/time", byTime, "round trips"));
    }

    /** Measures when the dialer got the answer. */
    private Delivery measure(String dialer, String listener) throws IOException, InterruptedException {
        try (Listening listening =
                        listener.equals(OURS) ? OurListener.start() : TheirListener.start(program(listener));
                DelayingRelay relay =
                        DelayingRelay.to(listening.address(), DelayingRelay.Settings.roundTrip(ROUND_TRIP))) {
            Multiaddr address = relay.address(listening.address());
            if (dialer.equals(OURS)) {
                dial(address);
            } else {
                dial(program(dialer), address);
            }
            return relay.next()
                    .delivery(End.DIALER, ECHO_BYTES)
                    .orElseThrow(() -> new IOException(dialer + " got no answer from " + listener));
        }
    }

    private Path program(String peer) {
        return settings.program(peer);
    }

    private static void dial(Multiaddr address) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        try (Host host = Host.builder().crypto(NoiseCrypto.standard()).start().join()) {
            host.dial(address)
                    .thenCompose(connection -> connection.openStream(ECHO, stream -> {
                        stream.pipeline().addLast(new Answer(answered));
                        stream.channel()
                                .writeAndFlush(stream.channel()
                                        .alloc()
                                        .buffer(ECHO_BYTES)
                                        .writeZero(ECHO_BYTES));
                    }))
                    .orTimeout(SECONDS, TimeUnit.SECONDS)
                    .join();
            answered.orTimeout(SECONDS, TimeUnit.SECONDS).join();
        }
    }

    private static void dial(Path program, Multiaddr address) throws IOException {
        List<String> command =
                List.of(program.toString(), "dial", address.toString(), "echo", "--size", Integer.toString(ECHO_BYTES));
        try (ChildProcess<String> dialing = PeerLines.start(command)) {
            if (dialing.awaitExit(Duration.ofSeconds(SECONDS)) != 0) {
                throw new IOException(program + " could not dial " + address);
            }
        }
    }

    /** The side that is dialed. */
    private interface Listening extends AutoCloseable {
        Multiaddr address();

        @Override
        void close();
    }

    private record OurListener(Host host) implements Listening {
        static OurListener start() {
            Host host = Host.builder()
                    .crypto(NoiseCrypto.standard())
                    .listen("/ip4/127.0.0.1/tcp/0")
                    .handle(ECHO, HALF_OPEN, OurListener::echo)
                    .start()
                    .join();
            Identify unused = Identify.install(host, "minip2p"); // go runs identify before it opens its first stream
            return new OurListener(host);
        }

        private static void echo(ProtocolStream stream) {
            stream.pipeline().addLast(new Echo());
        }

        @Override
        public Multiaddr address() {
            return host.addresses().get(0);
        }

        @Override
        public void close() {
            host.close();
        }
    }

    private record TheirListener(ChildProcess<String> process, Multiaddr address) implements Listening {
        static TheirListener start(Path program) throws IOException {
            ChildProcess<String> process = PeerLines.start(List.of(program.toString(), "listen"));
            try {
                return new TheirListener(process, Multiaddr.parse(PeerLines.awaitAddress(process)));
            } catch (IOException | RuntimeException e) {
                process.close();
                throw e;
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** Sends back what it receives, and then the end. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.write(message, ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }
    }

    /** Waits for a complete answer. */
    private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Void> answered;
        private int missing = ECHO_BYTES;

        Answer(CompletableFuture<Void> answered) {
            this.answered = answered;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            missing -= in.readableBytes();
            if (missing == 0) {
                answered.complete(null);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answered.completeExceptionally(cause);
            ctx.close();
        }
    }

    /** Runs this measurement alone. */
    public static void main(String[] arguments) throws Exception {
        BenchHosts.print(arguments, RoundTrips::run);
    }
}
