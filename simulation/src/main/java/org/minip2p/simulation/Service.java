package org.minip2p.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.Lease;

/**
 * Checks that hosts serve each other again after the faults have stopped: each in turn is dialed, completes the handshake, reports
 * changes, answers pings and echoes data, more often than it has stream slots.
 */
final class Service {
    private static final long SECOND = 1_000_000_000L;
    private static final long STEP_NANOS = SECOND / 10;
    private static final int MOST_STEPS = 300;
    private static final int MOST_PAIRS = 6;
    private static final int TRANSFERS = 4;
    private static final int TRANSFER_BYTES = 2_000;

    /** Enough for the handshake, its repetition, and Identify. */
    private static final long SETTLED_NANOS = 15 * SECOND;

    /** Enough for an unused connection to be closed. */
    private static final long UNUSED_NANOS = 60 * SECOND;

    private final World world;
    private final List<Node> nodes;
    private final BackOffs backOffs;

    Service(World world, List<Node> nodes, BackOffs backOffs) {
        this.world = world;
        this.nodes = List.copyOf(nodes);
        this.backOffs = backOffs;
    }

    /** Checks each host with the next one, up to a number of pairs. */
    void check() {
        for (int i = 0; i < Math.min(MOST_PAIRS, nodes.size()); i++) {
            Node from = nodes.get(i);
            Node to = nodes.get((i + 1) % nodes.size());
            if (from != to) {
                check(from, to);
            }
        }
    }

    private void check(Node from, Node to) {
        String pair = from.name() + " and " + to.name();
        world.note(pair, "have to serve each other");
        Node.Running running = from.running();
        if (running == null || to.running() == null) {
            world.fault(pair + ": one does not run");
            return;
        }
        CompletableFuture<Connection> dial = running.host().dial(to.multiaddr());
        from.books().promised(from.name() + " dials " + to.name() + " again", dial);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < MOST_STEPS && (leases.size() < 2 && !dial.isCompletedExceptionally()); i++) {
            world.run(STEP_NANOS);
            leases.forEach(Lease::close);
            leases.clear();
            hold(from, to, leases);
            hold(to, from, leases);
        }
        if (leases.size() < 2) {
            world.fault(pair + " do not connect although nothing is wrong: "
                    + dial.handle((connection, failure) -> String.valueOf(failure))
                            .getNow("the dial never ended"));
        } else {
            backOffs.isReached(from, to.peerId());
            backOffs.isReached(to, from.peerId());
            use(from, to, pair);
        }
        leases.forEach(Lease::close);
        world.run(UNUSED_NANOS);
    }

    /** Holds a connection, so that it is not closed as unused. */
    private void hold(Node node, Node peer, List<Lease> leases) {
        Connection connection = connection(node, peer.peerId());
        try {
            if (connection != null) {
                leases.add(connection.hold());
            }
        } catch (ConnectionClosedException e) {
            world.note(node.name(), "cannot hold " + connection);
        }
    }

    private static @Nullable Connection connection(Node node, PeerId peer) {
        Node.Running running = node.running();
        return running == null ? null : running.host().connection(peer).orElse(null);
    }

    private void use(Node from, Node to, String pair) {
        world.run(SETTLED_NANOS);
        from.books().handshakes().change();
        Node.Running running = from.running();
        if (running != null) {
            running.handshake().askAgain(to.peerId());
        }
        world.run(SETTLED_NANOS);
        knows(from, to);
        knows(to, from);
        Connection connection = connection(from, to.peerId());
        if (connection == null) {
            world.fault(pair + " are not connected any more although both hold it");
            return;
        }
        for (int i = 0; i < TRANSFERS; i++) {
            Transfer.Opening how = i % 2 == 0 ? Transfer.Opening.AT_ONCE : Transfer.Opening.CHOOSING;
            Transfer transfer = Transfer.start(from.books(), connection, TRANSFER_BYTES, 0, how);
            world.run(5 * SECOND);
            if (!transfer.isComplete()) {
                world.fault(pair + ": transfer " + (i + 1) + " of " + TRANSFERS
                        + " does not come back although nothing is wrong: " + transfer);
            }
        }
        CompletableFuture<?> ping = connection.ping();
        world.run(SECOND);
        if (!ping.isDone() || ping.isCompletedExceptionally()) {
            world.fault(pair + ": a ping is not answered although nothing is wrong: " + ping);
        }
    }

    /** Checks that the handshake is complete and that a node knows the current node info of its peer. */
    private void knows(Node node, Node peer) {
        NodeInfo known = node.books().handshakes().of(peer.peerId()).orElse(null);
        if (!peer.books().handshakes().own().equals(known)) {
            world.fault(node.name() + " has not learned in a handshake what " + peer.name() + " says: expected "
                    + peer.books().handshakes().own() + ", knows " + known);
        }
    }
}
