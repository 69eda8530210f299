package org.minip2p.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** For a listening socket that should accept only IPv4 but cannot: closes sockets that were accepted over IPv6 before a byte is read. */
final class Ip4Only extends ChannelInboundHandlerAdapter {
    private Ip4Only() {}

    /** The first handler sees only sockets. */
    static ChannelHandler before(ChannelHandler acceptor) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel listener) {
                listener.pipeline().addLast(new Ip4Only(), acceptor);
            }
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Channel accepted
                && accepted.remoteAddress() instanceof InetSocketAddress remote
                && remote.getAddress() instanceof Inet6Address) {
            accepted.unsafe().closeForcibly();
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
