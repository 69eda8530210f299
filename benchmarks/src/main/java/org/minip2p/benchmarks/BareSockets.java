package org.minip2p.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.minip2p.transport.IoBackend;

/** Netty alone, the floor: sockets on one event loop, driven like those of a host. */
final class BareSockets implements AutoCloseable {
    private final IoBackend backend = IoBackend.nio();
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());

    /** Listens on a free loopback port. */
    Channel listen(Consumer<ChannelPipeline> handlers) {
        return new ServerBootstrap()
                .group(loop)
                .channel(backend.serverType())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(handlers))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Connects to a loopback port. */
    Channel connect(int port, Consumer<ChannelPipeline> handlers) {
        return new Bootstrap()
                .group(loop)
                .channel(backend.socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(initializer(handlers))
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    private static ChannelHandler initializer(Consumer<ChannelPipeline> handlers) {
        return new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                handlers.accept(channel.pipeline());
            }
        };
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
