package org.minip2p.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.SimulatedHandshake;

/** One run under one seed: some hosts start, do what the seed says, close, and leave nothing behind. */
final class Simulation {
    private static final long SECOND = 1_000_000_000L;

    /** Longer than any deadline of a host. */
    private static final long QUIET_NANOS = 400 * SECOND;

    /** Longer than an address book remembers where a dial reached a peer. */
    private static final long LONGEST_KNOWN_NANOS = 8 * 86_400 * SECOND;

    private static final long MOST_STEPS = 3_000_000;
    private static final int MOST_ACTIONS = 300;
    private static final int FAULTS_IN_100 = 25;

    /** One of this many seeds has slow networks. */
    private static final int SLOW = 4;

    private static final int FAST_MILLIS = 100;
    private static final int SLOW_MILLIS = 5_000;

    /** One of this many seeds makes a host fail to dial more addresses than it may remember. */
    private static final int OVERFULL = 20;

    private final long seed;
    private final World world;
    private final SplittableRandom random;
    private final Population population;
    private final Applications applications;
    private final Breakage breakage;
    private final BackOffs backOffs;
    private final int hosts;

    /**
     * Creates a run; {@link #run} starts it.
     *
     * @param seed decides on everything
     * @param scenario what the seed does not decide
     * @param sink receives each line of the trace; null for none
     */
    Simulation(long seed, Scenario scenario, @Nullable Consumer<String> sink) {
        this.seed = seed;
        this.world = new World(seed, sink);
        this.random = world.random();
        boolean isSlow = random.nextInt(SLOW) == 0;
        Network network = new Network(world, (1L + random.nextInt(isSlow ? SLOW_MILLIS : FAST_MILLIS)) * 1_000_000);
        this.population = new Population(network);
        this.applications = new Applications(world, population);
        this.breakage = new Breakage(network, population, applications, List.copyOf(scenario.faults()));
        this.backOffs = new BackOffs(world);
        int few = 2 + random.nextInt(4);
        int some = 8 + random.nextInt(12);
        int many = 20 + random.nextInt(Scenario.MOST_HOSTS - 19);
        int kind = random.nextInt(100);
        this.hosts = scenario.hosts().orElse(kind == 0 ? many : kind < 10 ? some : few);
    }

    /** Runs it to its end. */
    Outcome run() {
        SimulationLogs.of(world);
        world.limit(MOST_STEPS);
        try {
            for (int i = 0; i < hosts; i++) {
                population.start();
            }
            world.audit(new Audit(world, population));
            world.run(SECOND);
            int actions = Math.min(MOST_ACTIONS, 10 + random.nextInt(10 * hosts));
            for (int i = 0; i < actions; i++) {
                Node node = population.any();
                if (random.nextInt(100) < FAULTS_IN_100) {
                    breakage.breakSomething(node);
                } else {
                    applications.act(node);
                }
                world.run(world.between(0, random.nextInt(8) == 0 ? 40 * SECOND : SECOND));
            }
            breakage.heal();
            quiet("nobody uses it");
            backOffs.areBounded(population.nodes());
            new Service(world, population.nodes(), backOffs).check();
            quiet("nobody uses it any more");
            backOffs.areForgotten(population.nodes(), "while nobody dials");
            forget();
            end();
        } catch (RuntimeException | Error e) {
            world.fault("the simulation threw " + Faults.describe(e));
        } finally {
            SimulationLogs.of(null);
        }
        return new Outcome(
                seed,
                world.elapsedNanos(),
                population.connections(),
                breakage.injected(),
                world.steps(),
                world.trace().hash(),
                List.copyOf(world.faults()),
                world.trace().tail());
    }

    /** Lets time pass without faults and without use, and checks that all connections are closed and their resources released. */
    private void quiet(String when) {
        world.note("all", "are left alone");
        world.run(QUIET_NANOS);
        Map<Node, CompletableFuture<Integer>> kept = new LinkedHashMap<>();
        for (Node node : population.nodes()) {
            node.leftovers().forEach(left -> world.fault("while " + when + " " + left));
            Node.Running running = node.running();
            if (running != null) {
                kept.put(node, SimulatedHandshake.peersKept(running.handshake()));
            }
        }
        world.run(SECOND);
        kept.forEach((node, peers) -> {
            if (peers.getNow(-1) != 0) {
                world.fault(
                        "while " + when + " the handshake of " + node.name() + " keeps " + peers.getNow(-1) + " peers");
            }
        });
    }

    /** Moves the clocks forward by days, and checks that no address book remembers addresses longer than it should. */
    private void forget() {
        if (random.nextInt(OVERFULL) == 0) {
            backOffs.overfill(population.any(), population.any());
        }
        for (Node node : population.nodes()) {
            node.clock().jump(LONGEST_KNOWN_NANOS);
        }
        world.run(SECOND);
        for (Node node : population.nodes()) {
            Node.Running running = node.running();
            int known =
                    running == null ? 0 : running.host().addressBook().peers().size();
            if (known > 0) {
                world.fault("after days " + node.name() + " still knows addresses of " + known + " peers");
            }
        }
        backOffs.areForgotten(population.nodes(), "after days");
    }

    /** Closes all hosts, and checks that nothing is left. */
    private void end() {
        world.note("all", "close");
        if (random.nextBoolean()) {
            for (Node node : population.nodes()) {
                applications.dialFrom(node);
                if (random.nextBoolean()) {
                    node.resolver().block(100); // look-ups that never return must not delay the close
                    applications.lookUp(node);
                    applications.lookUp(node);
                }
            }
            world.run(world.between(0, SECOND));
        }
        population.end();
        world.run(QUIET_NANOS);
        population.gone().forEach(node -> node.leftovers().forEach(world::fault));
        backOffs.areForgotten(population.gone(), "when it is closed");
        population.gone().forEach(node -> node.resolver().unblock());
        world.run(SECOND);
        String left = world.leftovers();
        if (!left.isEmpty()) {
            world.fault("somebody still has something to do:\n" + left);
        }
    }
}
