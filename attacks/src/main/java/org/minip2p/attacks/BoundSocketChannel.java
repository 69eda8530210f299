package org.minip2p.attacks;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A socket that dials from {@link HonestNode#ADDRESS}, since a host cannot choose the local address of its dials. */
public final class BoundSocketChannel extends NioSocketChannel {
    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) throws Exception {
        return super.doConnect(remote, new InetSocketAddress(HonestNode.ADDRESS, 0));
    }
}
