package org.minip2p.examples;

import java.math.BigInteger;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.Host;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.KeptConnection;
import org.minip2p.protocols.Identify;

/**
 * A node like those of SSV: stays connected to given peers, sends them its subnets, protects those with the same subnets, and bans
 * those that it does not accept.
 *
 * <pre>
 * examples/run SsvNode node.key /ip4/127.0.0.1/tcp/13001 ADDRESS…     then type: subnets HEX, ban PEER, pardon PEER, peers
 * </pre>
 */
public final class SsvNode implements AutoCloseable {
    private static final String NETWORK = "0x00000502";
    private static final String SAME_SUBNETS = "same subnets"; // why a peer is protected
    private static final String USAGE = "SsvNode KEY_FILE LISTEN [PEER…]";

    private final BoundedSet<PeerId> banned = new BoundedSet<>(10_000);
    final Map<PeerId, KeptConnection> kept = new ConcurrentHashMap<>();
    final Map<PeerId, NodeInfo> members = new ConcurrentHashMap<>(); // connected, and the handshake is complete
    private volatile Metadata metadata = new Metadata("example/1.0", "geth", "lighthouse", "0".repeat(32));
    final Host host;
    private final NodeInfoHandshake handshake;

    /** Creates a node that does not listen yet, so that its first peer finds all its protocols. */
    SsvNode(PrivateKey key, HostConfig config) {
        host = Host.builder()
                .identity(key)
                .config(config)
                .gater(new Bans())
                .listener(this::onEvent)
                .start()
                .join();
        Identify.install(host, "minip2p-example");
        handshake = NodeInfoHandshake.install(
                host, () -> NodeInfo.of(NETWORK, metadata), HandshakeOptions.defaults(), this::onHandshake);
    }

    private final class Bans implements ConnectionGater {
        @Override
        public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
            return !banned.contains(peer);
        }
    }

    /** Stays connected to a peer unless it is banned; the given address replaces the known ones. */
    synchronized void meet(Multiaddr address) throws HostClosedException {
        PeerId peer = address.peerId().orElseThrow();
        host.addressBook().forget(peer);
        host.addressBook().add(peer, address);
        if (!banned.contains(peer) && !kept.containsKey(peer)) {
            kept.put(peer, host.keepConnected(peer));
        }
    }

    /** Bans a peer. Completes when no further byte of it is read. */
    synchronized CompletableFuture<Void> ban(PeerId peer) {
        banned.add(peer);
        Optional.ofNullable(kept.remove(peer)).ifPresent(KeptConnection::close);
        // Runs where connections are admitted: any peer that the gater accepted before this is connected by then.
        return CompletableFuture.supplyAsync(() -> host.connections(peer), host.protocolContext())
                .thenCompose(all -> CompletableFuture.allOf(
                        all.stream().map(Connection::abort).toArray(CompletableFuture[]::new)));
    }

    void pardon(PeerId peer) {
        banned.remove(peer);
    }

    /** Changes our own info, and sends it to all peers. */
    void subnets(String hex) {
        metadata = new Metadata(metadata.nodeVersion(), metadata.executionNode(), metadata.consensusNode(), hex);
        handshake.askAgainAll();
    }

    private void onHandshake(Host self, HandshakeEvent event) {
        if (event instanceof HandshakeEvent.Completed completed) {
            welcome(completed.peerId(), completed.theirInfo());
        } else if (event instanceof HandshakeEvent.Updated updated) {
            welcome(updated.peerId(), updated.theirInfo());
        } else if (event instanceof HandshakeEvent.Failed failed
                && failed.reason().isPermanent()) {
            ban(failed.peerId());
        }
    }

    private void welcome(PeerId peer, NodeInfo info) {
        members.put(peer, info);
        BigInteger theirs =
                new BigInteger(info.metadata().map(Metadata::subnets).orElse("0"), 16);
        if (theirs.and(new BigInteger(metadata.subnets(), 16)).signum() != 0) {
            host.protect(peer, SAME_SUBNETS);
        } else {
            host.unprotect(peer, SAME_SUBNETS);
        }
    }

    private void onEvent(Host self, HostEvent event) {
        if (event instanceof HostEvent.ConnectionClosed closed && closed.numEstablished() == 0) {
            members.remove(closed.connection().remotePeer());
            host.unprotect(closed.connection().remotePeer(), SAME_SUBNETS);
        }
    }

    @Override
    public void close() {
        host.close();
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        Program.requireArguments(2, args);
        Multiaddr listen = Multiaddr.parse(args[1]);
        try (SsvNode node = new SsvNode(Program.key(Path.of(args[0])), HostConfig.defaults())) {
            node.host.listen(listen).join();
            System.out.println("listening on " + node.host.addresses().get(0));
            for (int i = 2; i < args.length; i++) {
                node.meet(Program.peerAddress(args[i]));
            }
            for (Scanner typed = new Scanner(System.in, StandardCharsets.UTF_8); typed.hasNext(); ) {
                switch (typed.next()) {
                    case "subnets" -> node.subnets(typed.next());
                    case "ban" -> node.ban(PeerId.parse(typed.next()));
                    case "pardon" -> node.pardon(PeerId.parse(typed.next()));
                    default -> System.out.println(node.members);
                }
            }
        }
    }
}
