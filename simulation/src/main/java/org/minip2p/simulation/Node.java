package org.minip2p.simulation;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.SimulatedMachine;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;
import org.minip2p.protocols.SimulatedPing;

/**
 * One host of a simulation with everything that it runs on, from its start to its end: a host that is started again under the same
 * identity is another node on the same address.
 */
final class Node {
    static final int PORT = 4001;
    private static final int APPLICATION_THREADS = 4;
    private static final long MEMORY_BYTES = 8 << 20;

    private final World world;
    private final int number;
    private final PrivateKey identity;
    private final SplittableRandom random;
    private final HostClock clock;
    private final Machine machine;
    private final Loop peers;
    private final Pool application;
    private final Pool resolver;
    private final Pool observer;
    private final Pool verifier;
    private final HostMemory memory = new HostMemory(MEMORY_BYTES);
    private final List<Worker> workers = new ArrayList<>();
    private final Books books;
    private @Nullable Running running;
    private @Nullable CompletableFuture<Void> closed;
    private int listenersToThrow;
    private int gaterToThrow;

    /** What there is once it has started. */
    record Running(Host host, Ping ping, Identify identify, NodeInfoHandshake handshake) {}

    /**
     * A machine without a host.
     *
     * @param network that it is in
     * @param outside where is told what has ended
     * @param number of it
     * @param identity of its host
     */
    Node(Network network, Loop outside, int number, PrivateKey identity) {
        this.world = network.world();
        this.number = number;
        this.identity = identity;
        this.random = world.random().split();
        this.clock = new HostClock(world);
        this.books = new Books(world, name());
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i <= world.random().nextInt(2); i++) {
            loops.add(new Loop(world, name() + ".io" + i, clock, outside));
        }
        this.peers = new Loop(world, name() + ".peers", clock, outside);
        this.machine = new Machine(network, address(number), loops);
        this.application = new Pool(world, name() + ".app", APPLICATION_THREADS);
        this.resolver = new Pool(world, name() + ".dns", APPLICATION_THREADS);
        this.observer = new Pool(world, name() + ".observer", 1);
        this.verifier = new Pool(world, name() + ".verify", 2);
        workers.addAll(loops);
        workers.addAll(List.of(peers, application, resolver, observer, verifier));
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("that is four bytes", e);
        }
    }

    String name() {
        return "h" + number;
    }

    int number() {
        return number;
    }

    Machine machine() {
        return machine;
    }

    PrivateKey identity() {
        return identity;
    }

    HostClock clock() {
        return clock;
    }

    Pool application() {
        return application;
    }

    List<Worker> workers() {
        return workers;
    }

    Books books() {
        return books;
    }

    PeerId peerId() {
        return PeerId.of(identity.publicKey());
    }

    Multiaddr multiaddr() {
        return Multiaddr.parse("/ip4/" + machine.address().getHostAddress() + "/tcp/" + PORT + "/p2p/" + peerId());
    }

    /** What runs on it; null before its host has started, and once it is closed. */
    @Nullable Running running() {
        return running;
    }

    /** The next events of the application throw. */
    void throwInListeners(int count) {
        listenersToThrow = count;
    }

    /** The next questions to the application's gater throw. */
    void throwInGater(int count) {
        gaterToThrow = count;
    }

    /** Starts its host, which then listens. */
    void start(HostConfig config) {
        HostThreads threads = new HostThreads(peers, resolver, observer, verifier, application);
        SimulatedMachine replaced =
                new SimulatedMachine(machine, threads, clock::nanoTime, clock, random.split(), memory);
        world.note(name(), "starts");
        replaced.runs(Host.builder())
                .identity(identity)
                .crypto(SeededCrypto.of(random.split()))
                .config(config)
                .gater(new Gater())
                .listener((host, event) -> told(event))
                .handle(Transfer.PROTOCOL, Transfer.PEER_END, stream -> Transfer.answer(books, stream))
                .start()
                .whenComplete(this::started);
    }

    private void started(@Nullable Host host, @Nullable Throwable failure) {
        if (host == null) {
            world.fault(name() + " did not start: " + Faults.describe(String.valueOf(failure), failure));
            return;
        }
        Ping ping = SimulatedPing.install(host, random.split());
        Identify identify = Identify.install(host, "simulated/1");
        NodeInfoHandshake handshake = NodeInfoHandshake.install(
                host,
                () -> NodeInfo.of("0x00000001"),
                HandshakeOptions.defaults(),
                (from, event) ->
                        world.note(name(), "handshake " + event.getClass().getSimpleName()));
        running = new Running(host, ping, identify, handshake);
        books.promised(
                "listening of " + name(),
                host.listen(Multiaddr.parse("/ip4/" + machine.address().getHostAddress() + "/tcp/" + PORT)));
        if (closed != null) {
            end();
        }
    }

    private void told(HostEvent event) {
        books.told(event);
        if (listenersToThrow > 0) {
            listenersToThrow--;
            throw new Injected("a listener");
        }
    }

    /** Lets everybody in, unless it throws. */
    private final class Gater implements ConnectionGater {
        private boolean answer() {
            if (gaterToThrow > 0) {
                gaterToThrow--;
                throw new Injected("a gater");
            }
            return true;
        }

        @Override
        public boolean mayAccept(SocketAddress remoteAddress) {
            return answer();
        }

        @Override
        public boolean mayDial(Multiaddr address) {
            return answer();
        }

        @Override
        public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
            return answer();
        }
    }

    /** Its connections; none when it does not run. */
    List<Connection> connections() {
        return running == null ? List.of() : running.host.connections();
    }

    /** Closes its host; completes when nothing of it is left. */
    CompletableFuture<Void> close() {
        if (closed == null) {
            closed = new CompletableFuture<>();
            world.note(name(), "closes");
            if (running != null) {
                end();
            }
        }
        return closed;
    }

    boolean isClosing() {
        return closed != null;
    }

    private void end() {
        Running ending = running;
        CompletableFuture<Void> told = closed;
        if (ending == null || told == null) {
            return;
        }
        CompletableFuture<Void> end = ending.host.closeAsync();
        books.promised("the end of " + name(), end);
        end.whenComplete((done, failure) -> {
            world.note(name(), "is closed");
            told.complete(null);
        });
    }

    /** What is left once it is closed, or, while it runs, once nobody uses it; each a line. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        Running still = running;
        if (still != null) {
            var figures = still.host.figures();
            counts.put("places of sockets", (long) figures.sockets().total());
            counts.put("pending sockets", (long)
                    (figures.sockets().pendingInbound() + figures.sockets().pendingOutbound()));
            counts.put("connections", (long)
                    (figures.sockets().inbound() + figures.sockets().outbound()));
            counts.put("bytes held", figures.memory().heldBytes());
            counts.put("holders of memory", (long) figures.memory().holders());
            counts.put("events that wait", (long) figures.queues().events());
            counts.put("bytes of events that wait", figures.queues().eventBytes());
        }
        counts.put("open channels", (long) machine.sockets().size());
        counts.forEach((what, count) -> {
            if (count != 0) {
                left.add(name() + " has " + count + " " + what);
            }
        });
        left.addAll(books.leftovers());
        return left;
    }
}
