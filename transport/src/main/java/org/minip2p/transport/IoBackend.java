package org.minip2p.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import java.util.Optional;

/**
 * How sockets are driven: the I/O handler of the event loops and the channel types that fit it.
 *
 * <p>NIO runs everywhere. The native ones need Netty's jar of that name on the class path, with the library for this machine
 * ({@code netty-all} brings them), and a kernel that supports it: {@link #unavailability} says what is missing.
 *
 * @param name its name in configuration and logs
 * @param handlerFactory makes the I/O handler of each event loop
 * @param socketType dialed sockets
 * @param serverType listening sockets
 */
public record IoBackend(
        String name,
        IoHandlerFactory handlerFactory,
        Class<? extends SocketChannel> socketType,
        Class<? extends ServerChannel> serverType) {

    /** The name of {@link #best} for {@link #named}. */
    public static final String AUTO = "auto";

    /** {@return the JDK's selector: runs everywhere} */
    public static IoBackend nio() {
        return new IoBackend("nio", NioIoHandler.newFactory(), NioSocketChannel.class, NioServerSocketChannel.class);
    }

    /**
     * {@return Linux's epoll}
     *
     * @throws IllegalStateException when it is not available; says why
     */
    public static IoBackend epoll() {
        return NativeBackend.EPOLL.backend();
    }

    /**
     * {@return Linux's io_uring}
     *
     * @throws IllegalStateException when it is not available; says why
     */
    public static IoBackend ioUring() {
        return NativeBackend.IO_URING.backend();
    }

    /**
     * {@return the kqueue of macOS and the BSDs}
     *
     * @throws IllegalStateException when it is not available; says why
     */
    public static IoBackend kqueue() {
        return NativeBackend.KQUEUE.backend();
    }

    /** {@return epoll or kqueue if available, otherwise NIO} The reason for NIO is logged once. */
    public static IoBackend best() {
        return NativeBackend.best();
    }

    /** The UDP sockets for these event loops; empty when none are known for this back end. */
    Optional<Class<? extends DatagramChannel>> datagramType() {
        return name.equals("nio") ? Optional.of(NioDatagramChannel.class) : NativeBackend.datagramType(name);
    }

    /**
     * {@return a back end by its name, for command lines}
     *
     * @param name one of {@link #names}
     * @throws IllegalArgumentException when there is none of that name
     * @throws IllegalStateException when it is not available here; says why
     */
    public static IoBackend named(String name) {
        if (name.equals(AUTO)) {
            return best();
        }
        return name.equals("nio") ? nio() : NativeBackend.named(name).backend();
    }

    /** {@return the names that {@link #named} accepts} */
    public static List<String> names() {
        return List.of("nio", "epoll", "io_uring", "kqueue", AUTO);
    }

    /**
     * {@return why a back end is not available here; empty when it is}
     *
     * @param name one of {@link #names}
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Optional<String> unavailability(String name) {
        return name.equals("nio") || name.equals(AUTO)
                ? Optional.empty()
                : NativeBackend.named(name).unavailability();
    }
}
