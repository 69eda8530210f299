package org.minip2p.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;

/** The hosts of the benchmarks between two processes: one event loop each, and no limits that would affect the results. */
final class BenchHosts {
    private static final int MANY = 1 << 20;
    private static final int WAIT_SECONDS = 60;

    private BenchHosts() {}

    static HostBuilder builder() {
        return Observed.ifWanted(Host.builder().eventLoops(1).config(config()));
    }

    private static HostConfig config() {
        return HostConfig.defaults()
                .with(HostConfig.MAX_CONNECTIONS, MANY)
                .with(HostConfig.MAX_PEERS, MANY)
                .with(HostConfig.TRIM_ABOVE_PEERS, MANY)
                .with(HostConfig.MAX_PENDING_UPGRADES, MANY)
                .with(HostConfig.MAX_INBOUND_STREAMS, MANY)
                .with(HostConfig.MAX_OUTBOUND_STREAMS, MANY)
                .with(HostConfig.MAX_UNACKNOWLEDGED_STREAMS, MANY)
                .with(HostConfig.MAX_NEGOTIATING_STREAMS, MANY)
                .with(HostConfig.MAX_RESETS, Integer.MAX_VALUE) // no limit on resets
                .with(HostConfig.IDLE_TIMEOUT, Duration.ofHours(1));
    }

    static Connection connect(Host client, String address) {
        return done(client.dial(Multiaddr.parse(address)));
    }

    /** Opens a stream for a protocol, on a new connection. */
    static Channel open(Host client, NodeProcess node, ProtocolId protocol, ChannelHandler handler) {
        return open(connect(client, node.address()), protocol, handler);
    }

    static Channel open(Connection connection, ProtocolId protocol, ChannelHandler handler) {
        return done(connection.openStream(protocol, stream -> stream.pipeline().addLast(handler)))
                .channel();
    }

    static <T> T done(CompletableFuture<T> future) {
        return future.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The median of several measurements. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** For the main methods: measures once, quickly with {@code --quick}, and prints the figures. */
    static void print(String[] args, Part.Measurement part) throws Exception {
        for (Figure figure : part.run(Settings.of(List.of(args).contains("--quick")))) {
            System.out.println(figure.toJson());
        }
    }
}
