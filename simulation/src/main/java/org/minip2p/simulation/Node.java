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
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.Host;
import org.minip2p.host.HostEvent;
import org.minip2p.host.SimulatedMachine;
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
    /** The class of a timer that runs at intervals as long as the host lives. */
    private static final String AT_INTERVALS = "Identify";

    private static final int RESOLVER_THREADS = 8;

    private final World world;
    private final Network network;
    private final int number;
    private final PrivateKey identity;
    private final SplittableRandom random;
    private final HostClock clock;
    private final Machine machine;
    private final List<Loop> loops;
    private final Loop peers;
    private final Pool application;
    private final Pool resolver;
    private final Pool observer;
    private final Pool verifier;
    private final List<Worker> workers = new ArrayList<>();
    private final Books books;
    private @Nullable Running running;
    private @Nullable CompletableFuture<Void> closed;
    private final Limits limits;
    private final Newcomers newcomers;
    private final Exchanges exchanges;
    private final boolean hasIdentify;
    private final ForeignCode foreign;

    /** What runs after the start. Not every host has Identify, since the handshake must not depend on it. */
    record Running(Host host, Ping ping, @Nullable Identify identify, NodeInfoHandshake handshake) {}

    /**
     * A machine without a host.
     *
     * @param network the network that it is part of
     * @param outside the loop on which ends are reported
     * @param number its number
     * @param address its address
     * @param identity the identity of its host
     * @param limits the limits of its host
     */
    Node(Network network, Loop outside, int number, InetAddress address, PrivateKey identity, Limits limits) {
        this.world = network.world();
        this.network = network;
        this.number = number;
        this.identity = identity;
        this.limits = limits;
        this.random = world.random().split();
        this.clock = new HostClock(world);
        this.books = new Books(world, name());
        this.newcomers = new Newcomers(world, name());
        this.exchanges = new Exchanges(world, this);
        this.foreign = new ForeignCode(network, random);
        this.hasIdentify = world.random().nextInt(4) > 0;
        this.loops = new ArrayList<>();
        for (int i = 0; i <= world.random().nextInt(2); i++) {
            loops.add(new Loop(world, name() + ".io" + i, clock, outside));
        }
        this.peers = new Loop(world, name() + ".peers", clock, outside);
        this.machine = new Machine(network, address, loops);
        this.application = new Pool(world, name() + ".app", APPLICATION_THREADS);
        this.resolver = new Pool(world, name() + ".dns", RESOLVER_THREADS);
        this.observer = new Pool(world, name() + ".observer", 1);
        this.verifier = new Pool(world, name() + ".verify", 2);
        workers.addAll(loops);
        workers.addAll(List.of(peers, application, resolver, observer, verifier));
    }

    /** The address of the node with this number, unless it takes the place of another one. */
    static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("that is four bytes", e);
        }
    }

    String name() {
        return "h" + number;
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

    Pool resolver() {
        return resolver;
    }

    /** Its event loops. */
    List<Loop> loops() {
        return loops;
    }

    /** The loop on which its host decides. */
    Loop peers() {
        return peers;
    }

    ForeignCode foreign() {
        return foreign;
    }

    Newcomers newcomers() {
        return newcomers;
    }

    Exchanges exchanges() {
        return exchanges;
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

    /** The same address with a host name, which must be looked up. */
    Multiaddr named() {
        return Multiaddr.parse("/dns4/" + domain() + "/tcp/" + PORT + "/p2p/" + peerId());
    }

    /** Its host name. */
    String domain() {
        return name() + ".simulated";
    }

    /** What runs on it; null until its host has started. */
    @Nullable Running running() {
        return running;
    }

    /** Ends the faults of this node: nothing throws or hangs any more. */
    void heal() {
        foreign.heal();
        machine.failConnects(0);
        machine.buffers().fail(0, 0);
        workers.forEach(world::resume);
        application.unblock();
        resolver.unblock();
    }

    /** Whether it is suspended. */
    boolean isSuspended() {
        return world.isSuspended(peers);
    }

    /** Starts its host, which then listens. */
    void start() {
        network.add(domain(), machine.address());
        HostThreads threads = new HostThreads(peers, resolver, observer, verifier, application);
        SimulatedMachine replaced = new SimulatedMachine(
                machine, threads, clock::nanoTime, clock, random.split(), limits.memory(), foreign::lookUp);
        world.note(name(), "starts");
        replaced.runs(Host.builder())
                .identity(identity)
                .crypto(SeededCrypto.of(random.split()))
                .config(limits.config())
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
        Identify identify = hasIdentify ? Identify.install(host, "simulated/1") : null;
        NodeInfoHandshake handshake =
                NodeInfoHandshake.install(host, books.handshakes()::own, HandshakeOptions.defaults(), (from, event) -> {
                    books.told(event);
                    foreign.listen();
                });
        host.protocolContext().observe(exchanges);
        running = new Running(host, ping, identify, handshake);
        CompletableFuture<Void> listening =
                host.listen(Multiaddr.parse("/ip4/" + machine.address().getHostAddress() + "/tcp/" + PORT));
        books.promised("listening of " + name(), listening);
        listening.whenComplete((done, cannot) -> {
            if (cannot != null && !isClosing()) {
                world.fault(Faults.describe(name() + " cannot listen", cannot));
            }
        });
        if (closed != null) {
            end();
        }
    }

    private void told(HostEvent event) {
        books.told(event);
        newcomers.told(event);
        foreign.listen();
    }

    /** Accepts everyone, unless it throws. */
    private final class Gater implements ConnectionGater {
        @Override
        public boolean mayAccept(SocketAddress remoteAddress) {
            return foreign.letIn();
        }

        @Override
        public boolean mayDial(Multiaddr address) {
            return foreign.letIn();
        }

        @Override
        public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
            exchanges.decided();
            Running asking = running;
            if (asking != null) {
                newcomers.asked(peer, remoteAddress, role, asking.host.connections(peer));
            }
            return foreign.letIn();
        }
    }

    /** Its connections; none when it does not run. */
    List<Connection> connections() {
        return running == null ? List.of() : running.host.connections();
    }

    /** Closes its host; completes when the host is closed. */
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

    /** The remaining resources after it is closed or, while it runs, when it is not in use; one per line. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        Running still = running;
        if (still != null) {
            var figures = still.host.figures();
            counts.put("socket slots", (long) figures.sockets().total());
            counts.put("pending sockets", (long)
                    (figures.sockets().pendingInbound() + figures.sockets().pendingOutbound()));
            counts.put("connections", (long)
                    (figures.sockets().inbound() + figures.sockets().outbound()));
            counts.put("bytes held", figures.memory().heldBytes());
            counts.put("holders of memory", (long) figures.memory().holders());
            counts.put("events that wait", (long) figures.queues().events());
            counts.put("bytes of events that wait", figures.queues().eventBytes());
            counts.put("dials", (long) figures.sockets().dials());
        }
        counts.put("open channels", (long) machine.sockets().size());
        peers.timers().owners().forEach((owner, count) -> {
            if (!owner.equals(AT_INTERVALS)) {
                counts.put("timers of " + owner, (long) count);
            }
        });
        if (closed != null) {
            counts.put("bytes of buffers", machine.buffers().usedBytes());
        }
        counts.forEach((what, count) -> {
            if (count != 0) {
                left.add(name() + " has " + count + " " + what);
            }
        });
        left.addAll(books.leftovers());
        return left;
    }
}
