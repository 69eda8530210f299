package org.minip2p.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.minip2p.transport.IoBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of a connection without libp2p: raw Netty, both ends in this JVM, with an event loop each. It exchanges as many messages as two
 * hosts do until their connection is ready on both sides and a ping was answered. A floor of the connections of {@link HostBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RawConnectionBenchmark {
    /** Noise's first two messages, its third with the ping behind it, and their answers. */
    private static final int ROUND_TRIPS = 3;

    /** The approximate length of a handshake message with an identity. */
    private static final int MESSAGE_BYTES = 200;

    private final ByteBuf message =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES));

    @SuppressWarnings("NullAway.Init") // set by start
    private MultiThreadIoEventLoopGroup clientLoop;

    @SuppressWarnings("NullAway.Init") // set by start
    private MultiThreadIoEventLoopGroup serverLoop;

    @SuppressWarnings("NullAway.Init") // set by start
    private Channel listening;

    @SuppressWarnings("NullAway.Init") // set by start
    private Bootstrap dialer;

    /** Starts the event loops and listens. */
    @Setup
    public void start() {
        IoBackend backend = Io.NIO.backend();
        clientLoop = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        serverLoop = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        listening = new ServerBootstrap()
                .group(serverLoop)
                .channel(backend.serverType())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        dialer = new Bootstrap()
                .group(clientLoop)
                .channel(backend.socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(listening.localAddress())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Asker());
                    }
                });
    }

    /** Ends the event loops. */
    @TearDown
    public void stop() {
        listening.close().syncUninterruptibly();
        clientLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        serverLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Connections one after the other: each is dialed, used for three round trips, and closed. */
    @Benchmark
    @OperationsPerInvocation(HostBenchmark.CONNECTIONS_PER_CALL)
    public void connectionAfterConnection() throws InterruptedException {
        for (int i = 0; i < HostBenchmark.CONNECTIONS_PER_CALL; i++) {
            dialer.connect().sync().channel().closeFuture().sync();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.writeAndFlush(bytes, ctx.voidPromise());
        }
    }

    private final class Asker extends ChannelInboundHandlerAdapter {
        private int asked;
        private int missing;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object answer) {
            ByteBuf bytes = (ByteBuf) answer;
            missing -= bytes.readableBytes();
            bytes.release();
            if (missing > 0) {
                return;
            }
            if (asked == ROUND_TRIPS) {
                ctx.close();
            } else {
                ask(ctx);
            }
        }

        private void ask(ChannelHandlerContext ctx) {
            asked++;
            missing = MESSAGE_BYTES;
            ctx.writeAndFlush(message.retainedDuplicate(), ctx.voidPromise());
        }
    }
}
