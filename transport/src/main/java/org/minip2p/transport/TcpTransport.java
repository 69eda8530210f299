package org.minip2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * TCP on Netty: opens and accepts sockets, on its own event loops or on given ones. It does not know the protocols on them: the caller's
 * initializer builds the pipeline.
 *
 * <p>Sockets have {@code TCP_NODELAY} (CON-15) and allow half-closure: the end of the peer's bytes is an event, not the end of the
 * channel, so that outgoing data is not lost.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">libp2p addressing</a>
 */
public final class TcpTransport implements Transport {
    private static final int ACCEPT_BACKLOG = 1024;

    private final IoBackend backend;
    private final ChannelFactory<Channel> sockets;
    private final EventLoops eventLoops;

    /**
     * Starts event loops of its own.
     *
     * @param backend the I/O back end
     * @param threads the number of event loops, at least 1
     */
    public TcpTransport(IoBackend backend, int threads) {
        this(backend, EventLoops.own(backend, threads));
    }

    /**
     * Uses event loops that others may also use, and never shuts them down.
     *
     * @param backend the I/O back end of these loops
     * @param eventLoops a group of such loops
     */
    public TcpTransport(IoBackend backend, EventLoopGroup eventLoops) {
        this(backend, EventLoops.shared(eventLoops));
    }

    private TcpTransport(IoBackend backend, EventLoops eventLoops) {
        this.backend = backend;
        this.sockets = new ReflectiveChannelFactory<>(backend.socketType());
        this.eventLoops = eventLoops;
    }

    IoBackend backend() {
        return backend;
    }

    EventLoop anyEventLoop() {
        return eventLoops.group().next();
    }

    @Override
    public boolean isEventLoop() {
        return eventLoops.isCurrentThread();
    }

    @Override
    public CompletableFuture<Void> lost() {
        return eventLoops.lost();
    }

    /** As {@link Transport#check} says. Opens a socket, and closes it. */
    @Override
    public CompletableFuture<Void> check() {
        if (eventLoops.group().isShuttingDown()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("expected event loops that run: they are shut down"));
        }
        Channel probe = sockets.newChannel();
        CompletableFuture<Void> checked = new CompletableFuture<>();
        ChannelFuture registered = eventLoops.group().register(probe);
        if (registered.isDone() && !registered.isSuccess()) {
            probe.unsafe().closeForcibly();
            checked.completeExceptionally(new IllegalArgumentException(
                    "expected event loops that drive sockets of " + backend.name() + ": "
                            + registered.cause().getMessage(),
                    registered.cause()));
        } else {
            registered.addListener(done -> Transport.close(probe).thenAccept(checked::complete));
        }
        return checked;
    }

    @Override
    public ChannelFuture connect(InetSocketAddress remote, Duration timeout, ChannelHandler initializer) {
        return new Bootstrap()
                .group(eventLoops.group())
                .channelFactory(sockets)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeout))
                .handler(eventLoops.tracked(initializer))
                .connect(remote);
    }

    /** In Netty, zero means no limit, so less than a millisecond is rounded up. */
    private static int millis(Duration timeout) {
        return timeout.isZero() ? 0 : Math.toIntExact(Math.max(1, timeout.toMillis()));
    }

    /**
     * As {@link Transport#listen} says. A socket for every IPv6 address also accepts IPv4; one for every IPv4 address accepts no IPv6.
     */
    @Override
    public ChannelFuture listen(InetSocketAddress local, ChannelHandler acceptor, ChannelHandler initializer) {
        ServerSockets servers = ServerSockets.of(backend.serverType(), local.getAddress());
        return new ServerBootstrap()
                .group(eventLoops.group())
                .channelFactory(servers.factory())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(eventLoops.tracked(servers.takesBothFamilies() ? Ip4Only.before(acceptor) : acceptor))
                .childHandler(eventLoops.tracked(initializer))
                .bind(local);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return eventLoops.end();
    }

    @Override
    public String toString() {
        return "tcp/" + backend.name();
    }
}
