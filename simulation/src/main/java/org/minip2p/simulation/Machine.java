package org.minip2p.simulation;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.transport.Transport;

/** One machine of the simulated network, and the transport of the host on it. */
final class Machine implements Transport {
    private final Network network;
    private final InetAddress address;
    private final Loops loops;
    private final Buffers buffers;
    private final Set<Channel> open = new LinkedHashSet<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private long channels;
    private int connectsToFail;
    private boolean isGone;
    private boolean isShutdown;

    /**
     * A machine without a socket.
     *
     * @param network the network that it is part of
     * @param address its address
     * @param loops the loops that drive its sockets; they end with it
     */
    Machine(Network network, InetAddress address, List<Loop> loops) {
        this.network = network;
        this.address = address;
        this.loops = new Loops(loops);
        this.buffers = new Buffers(network.world());
    }

    World world() {
        return network.world();
    }

    Network network() {
        return network;
    }

    InetAddress address() {
        return address;
    }

    /** The allocator of its channels. */
    Buffers buffers() {
        return buffers;
    }

    /** Whether its process has died, as seen by all others. */
    boolean isGone() {
        return isGone;
    }

    /** Makes its process disappear, and perhaps the machine with it: nothing that still runs there reaches other machines. */
    void vanish(boolean isDark) {
        isGone = true;
        sockets().forEach(each -> {
            Socket socket = each.socket();
            if (socket != null) {
                socket.vanish(isDark);
            }
        });
        List.copyOf(open).stream()
                .filter(ListeningChannel.class::isInstance)
                .map(ListeningChannel.class::cast)
                .forEach(ListeningChannel::vanish);
        if (isDark) {
            network.darken(address);
        }
    }

    /** The number of its sockets that a loop drives. */
    int sockets(Loop loop) {
        int count = 0;
        for (Channel each : open) {
            if (each instanceof StreamSocketChannel && each.eventLoop() == loop) {
                count++;
            }
        }
        return count;
    }

    long nextChannel() {
        return channels++;
    }

    /** A channel was registered with its loop. After the shutdown it is closed at once. */
    void opened(Channel channel) {
        open.add(channel);
        if (isShutdown) {
            channel.eventLoop().execute(channel::close);
        }
    }

    void closed(Channel channel) {
        open.remove(channel);
    }

    /** Its open sockets. */
    List<StreamSocketChannel> sockets() {
        return open.stream()
                .filter(StreamSocketChannel.class::isInstance)
                .map(StreamSocketChannel.class::cast)
                .toList();
    }

    /** How many channels are open. */
    int openChannels() {
        return open.size();
    }

    /** Makes the next {@code count} connects fail for lack of a descriptor. */
    void failConnects(int count) {
        connectsToFail = count;
    }

    Socket connect(InetSocketAddress remote, Consumer<@Nullable Exception> told) throws IOException {
        if (isGone) {
            throw new SocketException("Network is unreachable");
        }
        return network.connect(network.free(address), remote, told);
    }

    // Transport

    @Override
    public boolean isEventLoop() {
        return loops.isCurrent();
    }

    @Override
    public CompletableFuture<Void> lost() {
        return lost;
    }

    @Override
    public CompletableFuture<Void> check() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public ChannelFuture connect(InetSocketAddress remote, Duration timeout, ChannelHandler initializer) {
        return new Bootstrap()
                .group(loops)
                .channelFactory(this::newSocket)
                .disableResolver()
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(initializer)
                .connect(remote);
    }

    /** Throws like Netty's channels when the system has no descriptor left. */
    private StreamSocketChannel newSocket() {
        if (connectsToFail > 0) {
            connectsToFail--;
            throw new ChannelException("Failed to open a socket.", new SocketException("Too many open files"));
        }
        return new StreamSocketChannel(this);
    }

    @Override
    public ChannelFuture listen(InetSocketAddress local, ChannelHandler acceptor, ChannelHandler initializer) {
        return new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> new ListeningChannel(this))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(acceptor)
                .childHandler(initializer)
                .bind(local);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        if (isShutdown) {
            throw new IllegalStateException("shut down twice: " + this);
        }
        isShutdown = true;
        CompletableFuture<?>[] closed =
                List.copyOf(open).stream().map(Transport::close).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(closed)
                .thenCompose(all -> loops.settle())
                .thenCompose(once -> loops.end());
    }

    @Override
    public String toString() {
        return "simulated/" + address.getHostAddress();
    }
}
