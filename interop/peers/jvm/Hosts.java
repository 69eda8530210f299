package peer;

import io.libp2p.core.Connection;
import io.libp2p.core.Host;
import io.libp2p.core.crypto.KeyType;
import io.libp2p.core.dsl.HostBuilder;
import io.libp2p.core.multiformats.Multiaddr;
import io.libp2p.core.mux.StreamMuxerProtocol;
import io.libp2p.security.noise.NoiseXXSecureChannel;
import io.libp2p.transport.implementation.P2PChannelOverNetty;
import io.libp2p.transport.tcp.TcpTransport;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;

/** Hosts with TCP, Noise and Yamux, which do nothing of themselves on a new connection. */
final class Hosts {
    static final String ECHO = "/echo/1.0.0";
    static final String PERF = "/perf/1.0.0";

    private Hosts() {}

    /** Starts a host that serves the echo and perf on a free loopback port. */
    static Host listener() {
        EchoServer echo = new EchoServer();
        Host host = builder()
                .listen("/ip4/127.0.0.1/tcp/0")
                .protocol(new Protocol(ECHO, () -> echo), new Protocol(PERF, PerfServer::new))
                .build();
        host.start().join();
        return host;
    }

    static Host dialer() {
        Host host = builder().build();
        host.start().join();
        return host;
    }

    private static HostBuilder builder() {
        return new HostBuilder(HostBuilder.DefaultMode.None)
                .keyType(KeyType.ED25519)
                .transport(TcpTransport::new)
                .secureChannel(NoiseXXSecureChannel::new)
                .muxer(StreamMuxerProtocol::getYamux);
    }

    /** Opens a new connection. The network of a host would give us the one that it has. */
    static CompletableFuture<Connection> dial(Host host, Multiaddr target) {
        return host.getNetwork().getTransports().get(0).dial(target, connection -> {});
    }

    /** The Netty channel of a connection. */
    static Channel channel(Connection connection) {
        return ((P2PChannelOverNetty) connection).getNettyChannel();
    }
}
