package org.minip2p.attacks;

import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.minip2p.core.Multiaddr;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Host;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;
import org.minip2p.transport.IoBackend;

/**
 * An honest peer in a process of its own, with an address of its own. It pings the victim at a steady rate, has 64 KiB echoed twice a
 * second, and sends newcomers. Its commands are {@code begin}, {@code end} and {@code newcomers COUNT MILLIS}.
 *
 * <p>Argument: the victim's port.
 */
public final class HonestNode {
    /** Its address. */
    static final String ADDRESS = "127.0.7.1";

    private HonestNode() {}

    /** Runs one until its stdin ends. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        IoBackend bound =
                new IoBackend("nio", NioIoHandler.newFactory(), BoundSocketChannel.class, NioServerSocketChannel.class);
        Host host = Host.builder().ioBackend(bound).eventLoops(1).start().join();
        Identify.install(host, "honest/1");
        Ping ping = Ping.install(host);
        NodeInfoHandshake.install(
                host, () -> NodeInfo.of("0x00000502"), HandshakeOptions.defaults(), (node, event) -> {});
        HonestTraffic traffic = new HonestTraffic(host, ping, Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port));
        traffic.start();
        Newcomers newcomers = new Newcomers(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Line.print(java.util.Map.of("event", "ready"));
        Commands.follow(words -> obey(words, traffic, newcomers));
        Runtime.getRuntime().halt(0);
    }

    private static void obey(List<String> words, HonestTraffic traffic, Newcomers newcomers) {
        switch (words.get(0)) {
            case "begin" -> traffic.begin();
            case "end" -> Line.print(traffic.end());
            case "newcomers" -> newcomers.send(Integer.parseInt(words.get(1)), Long.parseLong(words.get(2)));
            default -> throw new IllegalArgumentException("expected begin, end or newcomers, got " + words);
        }
    }
}
