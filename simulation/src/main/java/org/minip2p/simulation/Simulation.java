package org.minip2p.simulation;

import io.netty.buffer.ByteBufAllocatorMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostConfig;
import org.minip2p.host.KeptConnection;
import org.minip2p.host.Lease;

/** One run under one seed: some hosts start, do what the seed says, close, and leave nothing behind. */
final class Simulation {
    private static final long SECOND = 1_000_000_000L;

    /** More than any deadline of a host's. */
    private static final long QUIET_NANOS = 400 * SECOND;

    private static final long MOST_STEPS = 3_000_000;
    private static final int FAULTS_IN_100 = 25;

    /** What a host suffers. */
    enum Fault {
        CUT,
        MUTE,
        PARTITION,
        SUSPEND,
        BLOCKED_LISTENER,
        THROWING_LISTENER,
        THROWING_GATER,
        NO_DESCRIPTOR,
        CLOCK_JUMP,
        RESTART
    }

    private final long seed;
    private final World world;
    private final SplittableRandom random;
    private final Network network;
    private final Loop outside;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> gone = new ArrayList<>();
    private final int hosts;
    private int injected;

    /**
     * Not begun yet.
     *
     * @param seed decides on everything
     * @param sink gets each line of the trace; null when nobody wants them
     */
    Simulation(long seed, @Nullable Consumer<String> sink) {
        this.seed = seed;
        this.world = new World(seed, sink);
        this.random = world.random();
        this.network = new Network(world, (1L + random.nextInt(100)) * 1_000_000);
        this.outside = Loop.outside(world);
        this.hosts = random.nextInt(10) == 0 ? 8 + random.nextInt(12) : 2 + random.nextInt(4);
    }

    /** Runs it to its end. */
    Outcome run() {
        SimulationLogs.of(world);
        world.limit(MOST_STEPS);
        try {
            for (int i = 0; i < hosts; i++) {
                start(SeededCrypto.identity(random.split()));
            }
            world.run(SECOND);
            int actions = 10 + random.nextInt(10 * hosts);
            for (int i = 0; i < actions; i++) {
                act();
                world.run(world.between(0, random.nextInt(8) == 0 ? 40 * SECOND : SECOND));
            }
            quiet();
            end();
        } catch (RuntimeException | Error e) {
            world.fault("the simulation threw " + Faults.describe(e));
        } finally {
            SimulationLogs.of(null);
        }
        int connections = 0;
        for (Node node : gone) {
            connections += node.books().connections();
        }
        return new Outcome(
                seed,
                world.elapsedNanos(),
                connections,
                injected,
                world.steps(),
                world.trace().hash(),
                List.copyOf(world.faults()),
                world.trace().tail());
    }

    private Node start(PrivateKey identity) {
        Node node = new Node(network, outside, nodes.size() + gone.size() + 1, identity);
        nodes.add(node);
        node.start(config());
        return node;
    }

    /** Often the defaults; else limits so small that everybody reaches them. */
    private HostConfig config() {
        HostConfig config = HostConfig.defaults();
        if (random.nextInt(3) > 0) {
            return config;
        }
        return config.with(HostConfig.MAX_CONNECTIONS, 1 + random.nextInt(4))
                .with(HostConfig.MAX_PENDING_UPGRADES, 1 + random.nextInt(3))
                .with(HostConfig.MAX_PEERS, 1 + random.nextInt(3))
                .with(HostConfig.MAX_OUTBOUND_STREAMS, 1 + random.nextInt(3))
                .with(HostConfig.IDLE_TIMEOUT, Duration.ofSeconds(1 + random.nextInt(20)));
    }

    private Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private @Nullable Connection anyConnection(Node node) {
        List<Connection> all = node.connections();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** One thing that an application does, or that befalls it. */
    private void act() {
        Node node = anyNode();
        if (random.nextInt(100) < FAULTS_IN_100) {
            injected++;
            breakSomething(node);
            return;
        }
        Node.Running running = node.running();
        if (running == null) {
            return;
        }
        Connection connection = anyConnection(node);
        int what = random.nextInt(100);
        if (connection == null || what < 30) {
            dial(node, running, anyNode());
        } else if (what < 45) {
            node.books().promised(node.name() + " pings", running.ping().ping(connection));
        } else if (what < 50) {
            node.books()
                    .promised(node.name() + " identifies", running.identify().identify(connection));
        } else if (what < 80) {
            int size = 1 + random.nextInt(random.nextInt(5) == 0 ? 300_000 : 5_000);
            Transfer.start(node.books(), connection, size, random.nextInt(4) == 0 ? 5 * SECOND : 0);
        } else if (what < 90) {
            node.books().promised(node.name() + " closes " + connection.id(), connection.close());
        } else if (what < 92) {
            node.books().promised(node.name() + " asks the muxer", connection.ping());
        } else if (what < 94) {
            hold(node, connection);
        } else if (what < 95) {
            keep(node, running, anyNode());
        } else if (what < 97) {
            node.books().promised(node.name() + " aborts " + connection.id(), connection.abort());
        } else {
            Node other = anyNode();
            dial(node, running, other);
            Node.Running otherRunning = other.running();
            if (otherRunning != null) {
                dial(other, otherRunning, node);
            }
        }
    }

    /** Has a host keep a peer connected, for a while. */
    private void keep(Node node, Node.Running running, Node other) {
        if (other.peerId().equals(node.peerId())) {
            return;
        }
        try {
            KeptConnection kept = running.host()
                    .keepConnected(
                            other.peerId(),
                            (keeping, state) -> world.note(
                                    node.name(),
                                    "keeps " + other.name() + " "
                                            + state.getClass().getSimpleName()));
            world.after(world.between(0, 120 * SECOND), kept::close);
        } catch (HostClosedException e) {
            world.note(node.name(), "cannot keep " + other.name());
        }
    }

    /** Keeps a connection in use for a while. */
    private void hold(Node node, Connection connection) {
        try {
            Lease lease = connection.hold();
            world.after(world.between(0, 60 * SECOND), lease::close);
        } catch (ConnectionClosedException e) {
            world.note(node.name(), "cannot hold " + connection.id());
        }
    }

    /** So that there is something to close. */
    private void dialFrom(Node node) {
        Node.Running running = node.running();
        if (running != null) {
            dial(node, running, anyNode());
        }
    }

    private void dial(Node node, Node.Running running, Node other) {
        world.note(node.name(), "dials " + other.name());
        CompletableFuture<Connection> dial = running.host().dial(other.multiaddr());
        node.books().promised(node.name() + " dials " + other.name(), dial);
        if (random.nextInt(10) == 0) {
            world.after(world.between(0, SECOND), () -> dial.cancel(false));
        }
    }

    /** One thing that goes wrong below or beside a host. */
    private void breakSomething(Node node) {
        List<StreamSocketChannel> sockets = node.machine().sockets();
        Socket socket = sockets.isEmpty()
                ? null
                : sockets.get(random.nextInt(sockets.size())).socket();
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        world.note(node.name(), "suffers " + fault);
        switch (fault) {
            case CUT -> {
                if (socket != null) {
                    socket.cutAfter(random.nextInt(random.nextBoolean() ? 300 : 60_000));
                }
            }
            case MUTE -> {
                if (socket != null) {
                    socket.mute();
                }
            }
            case PARTITION -> partition(node);
            case SUSPEND -> {
                node.workers().forEach(world::suspend);
                world.after(world.between(0, 300 * SECOND), () -> node.workers().forEach(world::resume));
            }
            case BLOCKED_LISTENER -> {
                node.application().block(1 + random.nextInt(5));
                world.after(
                        world.between(0, 60 * SECOND), () -> node.application().unblock());
            }
            case THROWING_LISTENER -> node.throwInListeners(1 + random.nextInt(3));
            case THROWING_GATER -> node.throwInGater(1 + random.nextInt(3));
            case NO_DESCRIPTOR -> {
                node.machine().failConnects(1 + random.nextInt(3));
                Node.Running running = node.running();
                if (running != null) {
                    dial(node, running, anyNode());
                }
            }
            case CLOCK_JUMP -> node.clock().jump(world.between(SECOND, 86_400 * SECOND));
            case RESTART -> restart(node);
        }
    }

    /** Some machines cannot reach the others for a while, or cannot be reached. */
    private void partition(Node node) {
        for (Node other : nodes) {
            if (other != node && random.nextBoolean()) {
                network.block(node.machine().address(), other.machine().address());
                if (random.nextInt(3) > 0) {
                    network.block(other.machine().address(), node.machine().address());
                }
            }
        }
        world.after(world.between(0, 120 * SECOND), network::unblockAll);
    }

    /** Its host closes, and another one starts under the same identity; not the last one, or all would be over. */
    private void restart(Node node) {
        node.workers().forEach(world::resume);
        nodes.remove(node);
        gone.add(node);
        PrivateKey identity = node.identity();
        node.close();
        start(identity);
    }

    private void heal() {
        network.unblockAll();
        for (Node node : nodes) {
            node.workers().forEach(world::resume);
            node.application().unblock();
        }
    }

    /** Nothing goes wrong any more and nobody wants anything: all connections go, and all that was held for them. */
    private void quiet() {
        world.note("all", "are left alone");
        heal();
        world.run(QUIET_NANOS);
        for (Node node : nodes) {
            node.leftovers().forEach(left -> world.fault("while nobody uses it " + left));
        }
    }

    /** Closes all hosts, and looks at what is left. */
    private void end() {
        world.note("all", "close");
        if (random.nextBoolean()) {
            nodes.forEach(node -> dialFrom(node));
            world.run(world.between(0, SECOND));
        }
        nodes.forEach(Node::close);
        gone.addAll(nodes);
        nodes.clear();
        world.run(QUIET_NANOS);
        for (Node node : gone) {
            node.leftovers().forEach(world::fault);
        }
        String left = world.leftovers();
        if (!left.isEmpty()) {
            world.fault("somebody still has something to do:\n" + left);
        }
        ByteBufAllocatorMetric buffers = world.buffers().metric();
        if (buffers.usedDirectMemory() != 0 || buffers.usedHeapMemory() != 0) {
            world.fault("buffers were not given back: " + buffers.usedDirectMemory() + " bytes direct, "
                    + buffers.usedHeapMemory() + " on the heap");
        }
    }
}
