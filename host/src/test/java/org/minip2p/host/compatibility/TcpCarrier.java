package org.minip2p.host.compatibility;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.host.PeerEnd;

/** Netty's own TCP over loopback, as its examples set it up. Each channel is a socket. */
final class TcpCarrier extends Carrier {
    /** Closed sockets keep their ports for a while. So each server has a separate address, with all its ports. */
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Map<String, SocketAddress> servers = new ConcurrentHashMap<>();

    @Override
    String name() {
        return "TCP";
    }

    @Override
    void serve(String name, PeerEnd peerEnd, Initializer handlers) throws Exception {
        int unique = ADDRESSES.incrementAndGet();
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, peerEnd == PeerEnd.HALF_OPEN)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws Exception {
                        openedAtServer(channel);
                        handlers.addTo(channel.pipeline());
                    }
                })
                .bind("127.0." + (1 + unique / 250) + "." + (1 + unique % 250), 0)
                .sync()
                .channel();
        servers.put(name, server.localAddress());
    }

    @Override
    CompletableFuture<Channel> open(String name, PeerEnd peerEnd, Initializer handlers) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, peerEnd == PeerEnd.HALF_OPEN)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws Exception {
                        opened(channel);
                        handlers.addTo(channel.pipeline());
                    }
                })
                .connect(servers.get(name))
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        result.complete(connected.channel());
                    } else {
                        result.completeExceptionally(connected.cause());
                    }
                });
        return result;
    }

    @Override
    void inOneGo(Runnable opening) {
        opening.run();
    }

    @Override
    void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    String left() {
        return "";
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
