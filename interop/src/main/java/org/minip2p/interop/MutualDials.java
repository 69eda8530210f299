package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;

/**
 * Mutual dials: our nodes and the nodes of a peer, which all run in one process, dial each other at the same time, each pair once.
 *
 * <p>The pairs of a batch dial in parallel, one batch after the other. After the last batch everything is left alone for a while; then both
 * sides must still be connected. Not thread-safe.
 */
final class MutualDials implements AutoCloseable {
    /**
     * The maximum delays of a dial. A pair uses one of them, and each of its dials has a random delay up to it: from a race to one dial
     * after the other.
     */
    private static final int[] MAX_DELAY_MICROS = {500, 3_000, 50_000};

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Peers peer;
    private final Random random;
    private final int nodes;
    private final int batch;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Host> ours = new ArrayList<>();
    private final List<String> theirs = new ArrayList<>();
    private final Map<Pair, Round> rounds = new ConcurrentHashMap<>();
    private final PeerProcess process;

    /**
     * Starts the nodes.
     *
     * @param peer the peer
     * @param nodes the number of nodes of each side
     * @param batch the number of pairs that dial at once
     * @param seed the seed of the delays
     * @param options the options for the peer's process
     */
    MutualDials(Peers peer, int nodes, int batch, long seed, String... options) {
        this.peer = peer;
        this.nodes = nodes;
        this.batch = batch;
        this.random = new Random(seed);
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.addAll(List.of("--identities", Integer.toString(nodes)));
        this.process = peer.listen(this::told, all.toArray(String[]::new));
        try {
            warmUp();
            for (int i = 0; i < nodes; i++) {
                theirs.add(process.awaitListening().texts("addresses").get(0));
                ours.add(node());
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Performs one handshake: the first one of a Java process takes long, since its code is loaded. */
    static void warmUp() {
        try (OurNode dialer = OurNode.startOnNetwork(OurNode.NETWORK, HostConfig.defaults());
                OurNode listener = OurNode.startOnNetwork(OurNode.NETWORK, HostConfig.defaults())) {
            dialer.dial(listener.address());
            dialer.awaitHandshake(HandshakeEvent.Completed.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a node of ours. Its connections do not close for idleness. */
    private Host node() {
        Host host = OurNode.await(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ZERO))
                .eventLoops(1)
                .start());
        host.addListener(this::told);
        Ping.install(host);
        Identify.install(host, OurNode.AGENT_VERSION);
        NodeInfoHandshake.install(
                host,
                () -> NodeInfo.of(
                        OurNode.NETWORK,
                        new Metadata(OurNode.NODE_VERSION, "", "", "0".repeat(Metadata.SUBNETS_LENGTH))),
                HandshakeOptions.defaults(),
                (node, event) -> round(node.peerId().toString(), event.peerId().toString())
                        .add(event));
        OurNode.await(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        return host;
    }

    /**
     * Makes {@code count} mutual dials, at most the square of the number of nodes.
     *
     * @param hold how long the connections are left alone before they are counted
     */
    MutualDialResult run(int count, Duration hold) {
        if (count > nodes * nodes) {
            throw new IllegalArgumentException(nodes + " nodes make " + nodes * nodes + " pairs, not " + count);
        }
        long start = System.nanoTime();
        for (int done = 0; done < count; done += batch) {
            List<Round> started = new ArrayList<>();
            for (int i = done; i < Math.min(done + batch, count); i++) {
                started.add(start(ours.get(i % nodes), theirs.get((i + i / nodes) % nodes)));
            }
            awaitAll(started);
        }
        OurNode.await(
                new CompletableFuture<>().completeOnTimeout("", hold.toMillis(), TimeUnit.MILLISECONDS),
                hold.plus(DEADLINE));
        count();
        return new MutualDialResult(
                peer, List.copyOf(rounds.values()), hold, Duration.ofNanos(System.nanoTime() - start));
    }

    private Round start(Host our, String their) {
        Multiaddr address = Multiaddr.parse(their);
        Round round = round(our.peerId().toString(), peerOf(address).toString());
        int maxDelay = MAX_DELAY_MICROS[random.nextInt(MAX_DELAY_MICROS.length)];
        int ourDelay = random.nextInt(maxDelay);
        int theirDelay = random.nextInt(maxDelay);
        // Half of our dials insist on a new connection, like a dial that does not know of the other side's dial.
        DialCondition condition =
                random.nextBoolean() ? DialCondition.ALWAYS : DialCondition.DISCONNECTED_AND_NOT_DIALING;
        round.start = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(Math.min(ourDelay, theirDelay));
        process.send("dial " + our.addresses().get(0) + " " + peerOf(address) + " " + theirDelay);
        timer.schedule(() -> our.dial(address, DialOptions.when(condition)), ourDelay, TimeUnit.MICROSECONDS);
        return round;
    }

    private static void awaitAll(List<Round> started) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!started.stream().allMatch(Round::isThrough) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Asks both sides for the number of connections of each pair. */
    private void count() {
        for (String address : theirs) {
            String their = peerOf(Multiaddr.parse(address)).toString();
            process.send("peers " + their);
            Map<String, Object> peers = process.await(
                            "peers of " + their,
                            line -> line.isEvent("peers")
                                    && their.equals(line.members().get("self")),
                            DEADLINE)
                    .object("peers")
                    .members();
            for (Host our : ours) {
                Round round = rounds.get(new Pair(our.peerId().toString(), their));
                if (round != null) {
                    round.theirConnections =
                            ((Number) peers.getOrDefault(our.peerId().toString(), 0L)).intValue();
                    round.ourConnections = our.connections(PeerId.parse(their)).size();
                }
            }
        }
    }

    private void told(Host host, HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            round(
                            host.peerId().toString(),
                            established.connection().remotePeer().toString())
                    .established
                    .incrementAndGet();
        }
    }

    private void told(JsonLine line) {
        if (line.members().get("self") instanceof String their && line.members().get("peerId") instanceof String our) {
            round(our, their).add(line);
        }
    }

    private Round round(String our, String their) {
        return rounds.computeIfAbsent(new Pair(our, their), pair -> new Round());
    }

    private static PeerId peerOf(Multiaddr address) {
        return address.peerId().orElseThrow();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        ours.forEach(host -> OurNode.await(host.closeAsync()));
        process.close();
    }

    private record Pair(String ours, String theirs) {}

    /** What happened between two nodes. Thread-safe. */
    static final class Round {
        private final AtomicInteger established = new AtomicInteger();
        private final List<HandshakeEvent> events = new ArrayList<>(); // guarded by this
        private final List<JsonLine> lines = new ArrayList<>(); // guarded by this
        private @Nullable Long ourCompletion; // guarded by this
        private @Nullable Long theirCompletion; // guarded by this
        private @Nullable Long theirDecision; // guarded by this
        private volatile long start = System.nanoTime();
        private volatile int ourConnections;
        private volatile int theirConnections;

        private synchronized void add(HandshakeEvent event) {
            events.add(event);
            if (ourCompletion == null && event instanceof HandshakeEvent.Completed) {
                ourCompletion = System.nanoTime() - start;
            }
        }

        private synchronized void add(JsonLine line) {
            lines.add(line);
            if (theirCompletion == null && line.isEvent("handshake") && line.ok()) {
                theirCompletion = System.nanoTime() - start;
            }
            if (theirDecision == null && "connected".equals(line.members().get("state"))) {
                theirDecision = System.nanoTime() - start;
            }
        }

        private synchronized boolean isThrough() {
            return ourCompletion != null && theirCompletion != null;
        }

        /** The time from the first dial to our {@code Completed}, in nanoseconds. */
        synchronized @Nullable Long ourNanos() {
            return ourCompletion;
        }

        /** The time from the first dial to the end of an exchange that succeeded on their side, in nanoseconds. */
        synchronized @Nullable Long theirNanos() {
            return theirCompletion;
        }

        /** The time from the first dial until an SSV node counts us as a peer, in nanoseconds. */
        synchronized @Nullable Long decisionNanos() {
            return theirDecision;
        }

        boolean hadTwoConnections() {
            return established.get() > 1;
        }

        /** Whether an SSV node served our request before it recorded the beginning of its wait for one. */
        synchronized boolean isMissed() {
            return lines.stream()
                    .anyMatch(line -> Boolean.TRUE.equals(line.members().get("missed")));
        }

        /** What is wrong with it, or null. */
        synchronized @Nullable String fault() {
            long completed = events.stream()
                    .filter(HandshakeEvent.Completed.class::isInstance)
                    .count();
            boolean failed = events.stream().anyMatch(HandshakeEvent.Failed.class::isInstance);
            boolean theyFailed = lines.stream()
                    .anyMatch(line -> (line.isEvent("handshake") && !line.ok())
                            || "failed".equals(line.members().get("state")));
            if (completed == 1
                    && !failed
                    && !theyFailed
                    && theirCompletion != null
                    && ourConnections > 0
                    && theirConnections > 0) {
                return null;
            }
            return "completed " + completed + " times, " + ourConnections + " connections here, " + theirConnections
                    + " there; we: " + events.stream().map(Round::text).toList() + "; they: "
                    + lines.stream().map(Round::text).toList();
        }

        private static String text(HandshakeEvent event) {
            return event instanceof HandshakeEvent.Failed failed
                    ? "failed: " + failed.reason()
                    : event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        /** The line without the members that name the nodes. */
        private static String text(JsonLine line) {
            StringJoiner text = new StringJoiner(" ");
            for (String name : List.of("event", "direction", "state", "ok", "missed", "millis", "reason", "error")) {
                Object value = line.members().get(name);
                if (value != null) {
                    text.add(value instanceof String word ? word : name + "=" + value);
                }
            }
            return text.toString();
        }
    }
}
