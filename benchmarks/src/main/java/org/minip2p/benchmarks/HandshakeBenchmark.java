package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.InvalidEnvelopeException;
import org.minip2p.handshake.InvalidNodeInfoException;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.handshake.SignedEnvelope;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Node-info exchanges on one open connection between two hosts in one JVM, over loopback: a stream and two signed envelopes, both verified.
 * The responder is the real handshake; the benchmark sends the same request as the handshake's own initiator. {@code -prof gc} measures
 * what both sides allocate for one exchange.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HandshakeBenchmark {
    private static final NodeInfo INFO =
            NodeInfo.of("0x00000502", new Metadata("v1.0.0", "geth/v1.16.0", "lighthouse/v8.0.0", "f".repeat(32)));
    private static final byte[] PAYLOAD_TYPE = "ssv/nodeinfo".getBytes(StandardCharsets.US_ASCII);

    /** The maximum in flight on one connection. */
    private static final int CONCURRENT = 8;

    private final Host asking = start();
    private final Host answering = start();
    private final byte[] request = INFO.seal(asking);
    private Connection connection = connect();

    private static Host start() {
        return Host.builder()
                .eventLoops(1)
                .listen("/ip4/127.0.0.1/tcp/0")
                .start()
                .join();
    }

    private Connection connect() {
        return asking.dial(answering.addresses().get(0)).join();
    }

    /** Installs the handshake on the side that answers, with the highest possible limit on the rate of exchanges. */
    @Setup
    public void setUp() {
        HandshakeOptions options =
                HandshakeOptions.defaults().withRequestsPerSecond(HandshakeOptions.MAX_ASKS_PER_SECOND);
        NodeInfoHandshake.install(answering, () -> INFO, options, (host, event) -> {});
        if (!connection.isOpen()) {
            connection = connect();
        }
    }

    /** Closes both hosts. */
    @TearDown
    public void tearDown() {
        asking.close();
        answering.close();
    }

    /** One exchange after the other; the inverse of the result is the time of one exchange. */
    @Benchmark
    @Threads(1)
    public NodeInfo oneAfterTheOther() {
        return exchange();
    }

    /** Eight exchanges at a time. */
    @Benchmark
    @Threads(CONCURRENT)
    public NodeInfo eightAtATime() {
        return exchange();
    }

    private NodeInfo exchange() {
        CompletableFuture<NodeInfo> response = new CompletableFuture<>();
        connection
                .openStream(NodeInfoHandshake.ID, stream -> {
                    stream.pipeline().addLast(new Reader(stream, response));
                    stream.channel().write(Unpooled.wrappedBuffer(request));
                    stream.channel().shutdownOutput();
                })
                .exceptionally(failure -> {
                    response.completeExceptionally(failure);
                    return null;
                });
        return response.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Reads the answer to its end and verifies it. */
    private static final class Reader extends ChannelInboundHandlerAdapter {
        private final ProtocolStream stream;
        private final CompletableFuture<NodeInfo> response;
        private final byte[] bytes = new byte[NodeInfo.MAX_SEALED_BYTES];
        private int length;

        Reader(ProtocolStream stream, CompletableFuture<NodeInfo> response) {
            this.stream = stream;
            this.response = response;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            int count = in.readableBytes();
            in.readBytes(bytes, length, count);
            in.release();
            length += count;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                try {
                    SignedEnvelope envelope = SignedEnvelope.open(Arrays.copyOf(bytes, length), "ssv", PAYLOAD_TYPE);
                    if (!envelope.signerId().equals(stream.remotePeer())) {
                        throw new IllegalStateException("signed by another key");
                    }
                    response.complete(NodeInfo.decode(envelope.payload()));
                } catch (InvalidEnvelopeException | InvalidNodeInfoException e) {
                    response.completeExceptionally(e);
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            response.completeExceptionally(new IllegalStateException("no answer"));
        }
    }
}
