package org.minip2p.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Injects faults below and beside hosts. */
final class Breakage {
    private static final long SECOND = 1_000_000_000L;

    private final World world;
    private final Network network;
    private final Population population;
    private final Applications applications;
    private final SplittableRandom random;
    private final List<Fault> faults;
    private int injected;

    /**
     * Creates an instance that has injected no faults yet.
     *
     * @param faults the kinds of faults that the seed chooses from
     */
    Breakage(Network network, Population population, Applications applications, List<Fault> faults) {
        this.world = network.world();
        this.network = network;
        this.population = population;
        this.applications = applications;
        this.random = world.random();
        this.faults = faults;
    }

    /** The number of injected faults. */
    int injected() {
        return injected;
    }

    /** Injects one fault into a host. */
    void breakSomething(Node node) {
        injected++;
        Fault fault = faults.get(random.nextInt(faults.size()));
        world.note(node.name(), "suffers " + fault);
        switch (fault) {
            case CUT, MUTE -> breakSocket(node, fault);
            case PARTITION -> partition(node);
            case SUSPEND -> {
                node.newcomers().distrust();
                node.workers().forEach(world::suspend);
                world.after(world.between(0, 300 * SECOND), () -> node.workers().forEach(world::resume));
            }
            case BLOCKED_LISTENER -> {
                node.application().block(1 + random.nextInt(5));
                world.after(
                        world.between(0, 60 * SECOND), () -> node.application().unblock());
            }
            case THROWING_LISTENER -> node.foreign().throwInListeners(1 + random.nextInt(3));
            case THROWING_GATER -> node.foreign().throwInGater(1 + random.nextInt(3));
            case NO_DESCRIPTOR -> {
                node.machine().failConnects(1 + random.nextInt(3));
                applications.dialFrom(node);
            }
            case NO_MEMORY -> node.machine().buffers().fail(random.nextInt(30), 1 + random.nextInt(3));
            case SLOW_RESOLVER -> {
                node.resolver().block(1 + random.nextInt(10));
                world.after(
                        world.between(0, 120 * SECOND), () -> node.resolver().unblock());
                applications.lookUp(node);
            }
            case FAILING_RESOLVER -> {
                node.foreign().failNames(1 + random.nextInt(3));
                applications.lookUp(node);
            }
            case CLOCK_JUMP -> node.clock().jump(world.between(SECOND, 86_400 * SECOND));
            case RESTART -> population.restart(node);
            case CRASH -> population.crash(node);
        }
    }

    private void breakSocket(Node node, Fault fault) {
        List<StreamSocketChannel> sockets = node.machine().sockets();
        Socket socket = sockets.isEmpty()
                ? null
                : sockets.get(random.nextInt(sockets.size())).socket();
        if (socket != null && fault == Fault.CUT) {
            socket.cutAfter(random.nextInt(random.nextBoolean() ? 300 : 60_000));
        } else if (socket != null && random.nextBoolean()) {
            socket.mute();
        } else if (socket != null) {
            socket.muteAfter(random.nextInt(Applications.LONG_BYTES));
            applications.transferMuch(node);
        }
    }

    /** Separates some other machines from this one for a while, in one direction or in both. */
    private void partition(Node node) {
        for (Node other : population.nodes()) {
            if (other != node && random.nextBoolean()) {
                network.block(node.machine().address(), other.machine().address());
                if (random.nextInt(3) > 0) {
                    network.block(other.machine().address(), node.machine().address());
                }
            }
        }
        world.after(world.between(0, 120 * SECOND), network::unblockAll);
    }

    /** Ends all faults, except permanent ones. */
    void heal() {
        network.unblockAll();
        network.hasten();
        population.nodes().forEach(Node::heal);
    }
}
