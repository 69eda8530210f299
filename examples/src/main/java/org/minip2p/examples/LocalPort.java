package org.minip2p.examples;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.Printable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Host;
import org.minip2p.transport.IoBackend;

/**
 * A TCP port of this machine whose connections go to a peer, each through a separate stream. One event loop handles all of them.
 */
final class LocalPort implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Host host;
    private final Channel listening;

    /**
     * Opens it, only on the loopback address.
     *
     * @param port zero for a free one
     * @param peer dialed on demand, and again when the connection is lost
     * @param protocol the protocol
     * @throws IOException when the port is taken
     */
    LocalPort(int port, Multiaddr peer, ProtocolId protocol) throws IOException {
        host = Host.builder().eventLoopGroup(loop, IoBackend.nio()).start().join();
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        host.dial(peer)
                                .thenCompose(connection ->
                                        connection.openStream(protocol, stream -> Relay.join(stream, socket)))
                                .whenComplete((stream, failure) -> {
                                    if (failure != null) {
                                        System.err.println(Printable.message(Program.unwrapped(failure)));
                                        Relay.reset(socket);
                                    }
                                });
                    }
                });
        listening = server.bind("127.0.0.1", port).awaitUninterruptibly().channel();
        if (!listening.isActive()) {
            close();
            throw new IOException("cannot listen on port " + port);
        }
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        host.close();
        loop.shutdownGracefully();
    }
}
