package org.minip2p.examples;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamQuota;

/**
 * A TCP tunnel: connections to a local port reach a server near the other peer. The two directions end independently, and neither
 * carries more than its receiver can accept.
 *
 * <pre>
 * examples/run Tunnel expose /ip4/127.0.0.1/tcp/4001 localhost:5432      prints its address
 * examples/run Tunnel open ADDRESS 15432
 * </pre>
 *
 * Anyone who knows the address gets through: a gater can check the peer ({@link SsvNode}). If one direction has ended and the other
 * one is silent, it is closed after {@code halfOpenTimeout}.
 */
public final class Tunnel {
    static final ProtocolId ID = new ProtocolId("/examples/tunnel/1.0.0");
    private static final int CONNECT_MILLIS = 5_000;
    private static final String USAGE = "Tunnel expose LISTEN HOST:PORT | Tunnel open ADDRESS LOCAL_PORT";

    private Tunnel() {}

    /** Lets peers through to a server, each with up to 64 streams at once. */
    static void expose(Host host, InetSocketAddress server) {
        StreamQuota quota = StreamQuota.ofOpen(64);
        host.handle(ID, HALF_OPEN, host.protocolContext().limited(quota, stream -> connect(stream, server)));
    }

    /** Reads nothing from the stream before the server is connected. */
    private static void connect(ProtocolStream stream, InetSocketAddress server) {
        stream.channel().config().setAutoRead(false);
        new Bootstrap()
                .group(stream.connection().eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server)
                .addListener((ChannelFutureListener) connected -> {
                    SocketChannel socket = (SocketChannel) connected.channel();
                    if (!connected.isSuccess()) {
                        stream.reset();
                    } else if (!stream.channel().isActive()) {
                        Relay.reset(socket);
                    } else {
                        Relay.join(stream, socket);
                    }
                });
    }

    private static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("expected HOST:PORT, got " + text);
        }
        InetSocketAddress address =
                new InetSocketAddress(text.substring(0, colon), Program.port(text.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("no such host: " + text);
        }
        return address;
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        if (args.length == 3 && args[0].equals("expose")) {
            Multiaddr listen = Multiaddr.parse(args[1]);
            InetSocketAddress server = server(args[2]);
            try (Host host = Host.builder().start().join()) {
                expose(host, server);
                host.listen(listen).join();
                System.out.println("listening on " + host.addresses().get(0));
                Program.serveUntilInputEnds();
            }
        } else if (args.length == 3 && args[0].equals("open")) {
            try (LocalPort local = new LocalPort(Program.port(args[2]), Program.peerAddress(args[1]), ID)) {
                System.out.println("listening on port " + local.port());
                Program.serveUntilInputEnds();
            }
        } else {
            throw Program.wrongArguments(args);
        }
    }
}
