package org.minip2p.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * How sockets are driven: the I/O handler of the event loops and the channel types that fit it.
 *
 * @param name what it is called in configuration and logs
 * @param handlerFactory makes the I/O handler of each event loop
 * @param socketType dialed sockets
 * @param serverType listening sockets
 */
public record IoBackend(
        String name,
        IoHandlerFactory handlerFactory,
        Class<? extends SocketChannel> socketType,
        Class<? extends ServerChannel> serverType) {

    /** The JDK's selector: runs everywhere. */
    public static IoBackend nio() {
        return new IoBackend("nio", NioIoHandler.newFactory(), NioSocketChannel.class, NioServerSocketChannel.class);
    }
}
