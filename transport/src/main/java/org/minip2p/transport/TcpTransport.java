package org.minip2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * TCP on Netty: opens and accepts sockets, and owns the event loops that drive them. It knows nothing of what is spoken on them: the
 * caller's initializer builds the pipeline.
 *
 * <p>Sockets have {@code TCP_NODELAY} (CON-15) and allow half-closure: the end of the peer's bytes is an event, not the end of the
 * channel, so that what is on its way out is not lost.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">libp2p addressing</a>
 */
public final class TcpTransport {
    private static final Duration QUIET_PERIOD = Duration.ZERO;
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);
    private static final int ACCEPT_BACKLOG = 1024;

    private final IoBackend backend;
    private final ChannelFactory<Channel> sockets;
    private final EventLoopGroup eventLoops;

    /**
     * Starts the event loops.
     *
     * @param backend how sockets are driven
     * @param threads the number of event loops, at least 1
     */
    public TcpTransport(IoBackend backend, int threads) {
        this.backend = backend;
        this.sockets = new ReflectiveChannelFactory<>(backend.socketType());
        this.eventLoops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("minip2p-io", true), backend.handlerFactory());
    }

    /** The event loops; each connection belongs to one of them. */
    public EventLoopGroup eventLoops() {
        return eventLoops;
    }

    /** Whether the current thread is one of the event loops. */
    public boolean isEventLoop() {
        for (EventExecutor loop : eventLoops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Connects. The initializer is added before the socket is registered, so it sees {@code channelActive}.
     *
     * @param remote a resolved address
     * @param timeout how long the connect may take
     * @param initializer builds the pipeline
     * @return the connect; its channel is there at once, so that a caller can give up by closing it
     */
    public ChannelFuture connect(InetSocketAddress remote, Duration timeout, ChannelHandler initializer) {
        return new Bootstrap()
                .group(eventLoops)
                .channelFactory(sockets)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(Math.max(1, timeout.toMillis())))
                .handler(initializer)
                .connect(remote);
    }

    /**
     * Listens. A socket for every IPv6 address takes IPv4 as well; one for every IPv4 address takes no IPv6.
     *
     * @param local where; port 0 takes any free port
     * @param acceptor sees each accepted {@link Channel} pass before it is registered: it can pause accepting
     * @param initializer builds the pipeline of each accepted socket
     */
    public ChannelFuture listen(InetSocketAddress local, ChannelHandler acceptor, ChannelHandler initializer) {
        ServerSockets servers = ServerSockets.of(backend.serverType(), local.getAddress());
        return new ServerBootstrap()
                .group(eventLoops)
                .channelFactory(servers.factory())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(servers.takesBothFamilies() ? Ip4Only.before(acceptor) : acceptor)
                .childHandler(initializer)
                .bind(local);
    }

    /** Ends the event loops, and with them every socket that is still open. */
    public Future<?> shutdown() {
        return eventLoops.shutdownGracefully(
                QUIET_PERIOD.toMillis(), SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public String toString() {
        return "tcp/" + backend.name();
    }
}
