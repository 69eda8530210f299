package org.minip2p.simulation;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.minip2p.core.PrivateKey;

/** The hosts of a simulation, present and past. */
final class Population {
    private static final long MOST_DOWN_NANOS = 60_000_000_000L;

    private final World world;
    private final Network network;
    private final SplittableRandom random;
    private final Loop outside;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> gone = new ArrayList<>();

    /** Hosts that are closing and will be replaced at the same address. */
    private final Set<Node> leaving = new HashSet<>();

    private int started;
    private boolean isOver;

    Population(Network network) {
        this.world = network.world();
        this.network = network;
        this.random = world.random();
        this.outside = Loop.outside(world);
    }

    /** The present hosts. */
    List<Node> nodes() {
        return nodes;
    }

    /** The hosts that were closed or have crashed. */
    List<Node> gone() {
        return gone;
    }

    Node any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** The number of connections that hosts reported. */
    int connections() {
        int connections = 0;
        for (List<Node> each : List.of(nodes, gone)) {
            for (Node node : each) {
                connections += node.books().connections();
            }
        }
        return connections;
    }

    /** Starts another host. */
    void start() {
        start(SeededCrypto.identity(random.split()), Node.address(started + 1));
    }

    private void start(PrivateKey identity, InetAddress address) {
        Node node = new Node(network, outside, ++started, address, identity, Limits.of(random));
        nodes.add(node);
        node.start();
    }

    /** Closes a host and starts another one under the same identity: at once at another address, or at the same address after the close. */
    void restart(Node node) {
        if (leaving.contains(node)) {
            return;
        }
        node.workers().forEach(world::resume);
        if (random.nextBoolean()) {
            nodes.remove(node);
            gone.add(node);
            node.close();
            start(node.identity(), Node.address(started + 1));
        } else {
            leaving.add(node);
            node.close().thenRun(() -> replace(node));
        }
    }

    private void replace(Node closed) {
        leaving.remove(closed);
        if (!isOver) {
            nodes.remove(closed);
            gone.add(closed);
            start(closed.identity(), closed.machine().address());
        }
    }

    /** Makes a process disappear, and perhaps its machine with it; a while later another one starts under the same identity and address. */
    void crash(Node node) {
        if (leaving.contains(node) || nodes.size() == 1) {
            return;
        }
        node.workers().forEach(world::resume);
        node.machine().vanish(random.nextBoolean());
        nodes.remove(node);
        gone.add(node);
        node.close(); // not seen by the other hosts; it only releases what the host holds
        world.after(world.between(0, MOST_DOWN_NANOS), () -> {
            if (!isOver) {
                start(node.identity(), node.machine().address());
            }
        });
    }

    /** Closes all hosts without replacing them. */
    void end() {
        isOver = true;
        nodes.forEach(Node::close);
        gone.addAll(nodes);
        nodes.clear();
    }
}
