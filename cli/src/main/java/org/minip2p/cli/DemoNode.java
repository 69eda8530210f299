package org.minip2p.cli;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;

/** One of the two nodes of the demo: a host with all protocols, which records its events on a time line. Thread-safe. */
final class DemoNode implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final TimeLine timeLine;
    private final Host host;
    private final Ping ping;
    private final Identify identify;
    private final Perf perf;
    private final CompletableFuture<NodeInfo> handshake;
    private final CompletableFuture<Void> disconnected = new CompletableFuture<>();

    private DemoNode(String name, TimeLine timeLine, Host host, NodeInfos infos) {
        this.name = name;
        this.timeLine = timeLine;
        this.host = host;
        this.ping = Ping.install(host);
        this.identify = Identify.install(host, Version.agent());
        this.perf = Perf.install(host);
        this.handshake = infos.exchange(host);
    }

    /** Starts a node that listens on a free port of the loopback interface. */
    static DemoNode start(String name, TimeLine timeLine, NodeInfos infos)
            throws CommandFailedException, InterruptedException {
        Host host = Await.result(Host.builder().gater(new Gater(name, timeLine)).start(), LIMIT);
        DemoNode node = new DemoNode(name, timeLine, host, infos);
        host.protocolContext().observe(node.new Marks());
        Await.result(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")), LIMIT);
        return node;
    }

    Host host() {
        return host;
    }

    Ping ping() {
        return ping;
    }

    Identify identify() {
        return identify;
    }

    Perf perf() {
        return perf;
    }

    /** Completes when this node knows the other's node info. */
    CompletableFuture<NodeInfo> handshake() {
        return handshake;
    }

    /** Completes when this node's connection has ended. */
    CompletableFuture<Void> disconnected() {
        return disconnected;
    }

    private final class Marks implements ProtocolContext.ConnectionObserver {
        @Override
        public void established(Connection connection, int numEstablished) {
            timeLine.mark(name, "connection is up: many streams can share it from now on (Yamux)");
        }

        @Override
        public void closed(Connection connection, int numEstablished, CloseCause cause) {
            timeLine.mark(name, "connection is closed (" + cause + ")");
            disconnected.complete(null);
        }
    }

    @Override
    public void close() {
        host.close();
    }

    /** Accepts everything, and records early steps of a connection: a host calls its gater at steps that have no event. */
    private record Gater(String name, TimeLine timeLine) implements ConnectionGater {
        @Override
        public boolean mayDial(Multiaddr address) {
            timeLine.mark(name, "dials " + address.withoutPeerId());
            return true;
        }

        @Override
        public boolean mayAccept(SocketAddress remoteAddress) {
            timeLine.mark(name, "accepts the TCP connection");
            return true;
        }

        @Override
        public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
            timeLine.mark(name, "has proof of the other's identity; everything is encrypted from now on (Noise)");
            return true;
        }
    }
}
