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
 * Creates listening sockets. By default Netty creates IPv6 sockets, for which {@code 0.0.0.0} means all addresses of both families.
 *
 * @param factory creates them
 * @param takesBothFamilies whether a socket that is bound to {@code 0.0.0.0} also accepts IPv6, because the back end has no other
 *     kind
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

    /** Epoll has an IPv4 socket; io_uring and kqueue do not. */
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
