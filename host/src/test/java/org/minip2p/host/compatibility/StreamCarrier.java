package org.minip2p.host.compatibility;

import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.Hosts;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.connections.ConnectionsInside;

/** One connection between two hosts over loopback. Each channel is a stream of this connection. */
final class StreamCarrier extends Carrier {
    /** No idle time-out, because a connection is idle while the other carriers have their turn. */
    private static final HostConfig CONFIG = HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ZERO);

    private final String io;
    private final Hosts hosts;
    private final Host server;
    private final Host client;
    private final Connection dialed;
    private final Connection accepted;

    StreamCarrier(String io) throws InterruptedException {
        this.io = io;
        hosts = new Hosts(io);
        server = hosts.start(Host.builder().config(CONFIG).listen(LOOPBACK));
        client = hosts.start(Host.builder().config(CONFIG));
        dialed = await(client.dial(address(server)));
        awaitTrue("it is accepted", () -> server.connections().size() == 1);
        accepted = server.connections().get(0);
    }

    @Override
    String name() {
        return "stream, " + io;
    }

    /** The dialer's end of the connection. */
    Connection connection() {
        return dialed;
    }

    @Override
    void serve(String name, PeerEnd peerEnd, Initializer handlers) {
        server.handle(protocol(name), peerEnd, stream -> {
            openedAtServer(stream.channel());
            handlers.addTo(stream.pipeline());
        });
    }

    @Override
    CompletableFuture<Channel> open(String name, PeerEnd peerEnd, Initializer handlers) {
        return dialed.openStream(protocol(name), stream -> {
                    opened(stream.channel());
                    // A stream that the client opens is half-open, unless this option says otherwise.
                    stream.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, peerEnd == PeerEnd.HALF_OPEN);
                    handlers.addTo(stream.pipeline());
                })
                .thenApply(ProtocolStream::channel);
    }

    @Override
    void inOneGo(Runnable opening) {
        dialed.eventLoop().execute(opening);
    }

    @Override
    void reset(Channel channel) {
        channel.unsafe().closeForcibly();
    }

    @Override
    String left() {
        StringBuilder left = new StringBuilder();
        count(left, "streams that were opened", ConnectionsInside.muxer(dialed).openStreams());
        count(
                left,
                "streams that were accepted",
                ConnectionsInside.muxer(accepted).openStreams());
        count(
                left,
                "places",
                (ConnectionsInside.isUnused(dialed) ? 0 : 1) + (ConnectionsInside.isUnused(accepted) ? 0 : 1));
        count(
                left,
                "bytes",
                hosts.memory(server).heldBytes() + hosts.memory(client).heldBytes());
        if (!dialed.isOpen() || !accepted.isOpen()) {
            left.append("no connection: ").append(dialed.closed()).append(accepted.closed());
        }
        return left.toString();
    }

    private static void count(StringBuilder left, String what, long number) {
        if (number != 0) {
            left.append(number).append(' ').append(what).append(' ');
        }
    }

    private static ProtocolId protocol(String name) {
        return new ProtocolId("/compatibility/" + name);
    }

    @Override
    public void close() {
        hosts.close();
    }
}
