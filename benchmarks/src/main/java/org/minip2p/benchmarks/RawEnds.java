package org.minip2p.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.minip2p.transport.IoBackend;

/** Two sockets with the handlers that are measured. */
record RawEnds(Channel client, Channel server, Channel listening, List<MultiThreadIoEventLoopGroup> loops)
        implements Ends {

    static RawEnds open(Io io, Consumer<ChannelPipeline> handlers) {
        IoBackend backend = io.backend();
        MultiThreadIoEventLoopGroup clientLoop = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        MultiThreadIoEventLoopGroup serverLoop = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listening = new ServerBootstrap()
                .group(serverLoop)
                .channel(backend.serverType())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        handlers.accept(channel.pipeline());
                        accepted.complete(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        Channel client = new Bootstrap()
                .group(clientLoop)
                .channel(backend.socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        handlers.accept(channel.pipeline());
                    }
                })
                .connect(listening.localAddress())
                .syncUninterruptibly()
                .channel();
        Channel server = accepted.orTimeout(10, TimeUnit.SECONDS).join();
        return new RawEnds(client, server, listening, List.of(clientLoop, serverLoop));
    }

    @Override
    public void close() {
        client.close().syncUninterruptibly();
        listening.close().syncUninterruptibly();
        for (MultiThreadIoEventLoopGroup loop : loops) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
