package org.minip2p.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.lang.reflect.Constructor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/**
 * Makes listening sockets. Those that Netty makes unless it is told otherwise are for IPv6, and take {@code 0.0.0.0} for all addresses of
 * both families.
 *
 * @param factory makes them
 * @param takesBothFamilies whether one that is bound to {@code 0.0.0.0} takes IPv6 as well, because the back end has no others
 */
record ServerSockets(ChannelFactory<ServerChannel> factory, boolean takesBothFamilies) {
    static <T extends ServerChannel> ServerSockets of(Class<T> type, InetAddress local) {
        if (!(local instanceof Inet4Address)) {
            return new ServerSockets(new ReflectiveChannelFactory<>(type), false);
        }
        if (type == NioServerSocketChannel.class) {
            return new ServerSockets(
                    () -> new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET), false);
        }
        return withFamily(type)
                .map(constructor -> new ServerSockets(() -> ofIp4(constructor), false))
                .orElseGet(() -> new ServerSockets(new ReflectiveChannelFactory<>(type), local.isAnyLocalAddress()));
    }

    /** Epoll's has one, those of io_uring and kqueue have none. */
    private static <T extends ServerChannel> Optional<Constructor<T>> withFamily(Class<T> type) {
        try {
            return Optional.of(type.getConstructor(SocketProtocolFamily.class));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private static ServerChannel ofIp4(Constructor<? extends ServerChannel> constructor) {
        try {
            return constructor.newInstance(SocketProtocolFamily.INET);
        } catch (ReflectiveOperationException e) {
            throw new ChannelException("no socket for IPv4: " + constructor.getDeclaringClass(), e);
        }
    }
}
