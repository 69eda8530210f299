package org.minip2p.examples;

import static org.minip2p.examples.Nodes.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;
import org.minip2p.host.KeptConnection;

/**
 * Nodes that all know each other, and disturbances. A seed decides in advance what happens to which node, and when. Not
 * thread-safe.
 */
final class Churn implements AutoCloseable {
    /**
     * Kinds of disturbances of a node, some of which affect another node. START follows STOP and CRASH. PARDON follows
     * BAN.
     */
    enum Kind {
        ABORT,
        STOP,
        CRASH,
        START,
        BAN,
        PARDON,
        SUBNETS
    }

    /** A disturbance, and its time since the beginning. */
    record Disturbance(long atMillis, Kind kind, int node, int other) {}

    /** Two nodes, the one with the lower number first. */
    record Pair(int first, int second) {
        static Pair of(int one, int other) {
            return new Pair(Math.min(one, other), Math.max(one, other));
        }
    }

    /** The place of a node, which stops and starts, and the nodes that it bans. */
    private static final class Place {
        final PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        final PeerId peer = PeerId.of(key.publicKey());
        final Set<Integer> banned = new HashSet<>();
        CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

        @Nullable SsvNode node;
    }

    private final List<Place> places = new ArrayList<>();
    private final Queue<Disturbance> schedule = new PriorityQueue<>(Comparator.comparing(Disturbance::atMillis));
    private final Map<Kind, Integer> done = new HashMap<>();

    /**
     * Starts the nodes.
     *
     * @param seed the seed of all random decisions
     * @param nodes the number of nodes
     * @param duration how long disturbances are scheduled
     */
    Churn(long seed, int nodes, Duration duration) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (long at = 0; at < duration.toMillis(); at += random.nextInt(50, 350)) {
            plan(at, random, nodes);
        }
        for (int i = 0; i < nodes; i++) {
            places.add(new Place());
            start(i);
        }
    }

    private void plan(long at, SplittableRandom random, int nodes) {
        int node = random.nextInt(nodes);
        int other = (node + random.nextInt(1, nodes)) % nodes;
        long lasts = random.nextInt(1_000);
        int dice = random.nextInt(100);
        Kind kind = dice < 45
                ? Kind.ABORT
                : dice < 60 ? Kind.CRASH : dice < 70 ? Kind.STOP : dice < 85 ? Kind.BAN : Kind.SUBNETS;
        schedule.add(new Disturbance(at, kind, node, other));
        if (kind == Kind.CRASH || kind == Kind.STOP) {
            schedule.add(new Disturbance(at + lasts, Kind.START, node, other));
        } else if (kind == Kind.BAN) {
            schedule.add(new Disturbance(at + 2 * lasts, Kind.PARDON, node, other));
        }
    }

    /** Does the next scheduled disturbance if it is due at this time. Returns the pair if that aborts connections. */
    Optional<Pair> disturb(long millis) throws Exception {
        Disturbance next = schedule.peek();
        if (next == null || next.atMillis() > millis) {
            return Optional.empty();
        }
        schedule.remove();
        if (next.kind() == Kind.START && !places.get(next.node()).stopped.isDone()) {
            schedule.add(new Disturbance(millis + 1, Kind.START, next.node(), next.other())); // it has not stopped yet
        } else if (apply(next)) {
            done.merge(next.kind(), 1, Integer::sum);
        }
        return next.kind() == Kind.ABORT ? Optional.of(Pair.of(next.node(), next.other())) : Optional.empty();
    }

    /** Whether the whole schedule is done. Then all nodes are running and none bans another. */
    boolean isOver() {
        return schedule.isEmpty();
    }

    /** How often each kind of disturbance was done. */
    Map<Kind, Integer> done() {
        return done;
    }

    private boolean apply(Disturbance next) throws Exception {
        Place place = places.get(next.node());
        SsvNode node = place.node;
        if (next.kind() == Kind.START) {
            return node == null && start(next.node());
        }
        if (node == null) {
            return false;
        }
        PeerId other = places.get(next.other()).peer;
        switch (next.kind()) {
            case ABORT -> node.host.connections(other).forEach(connection -> await(connection.abort()));
            case CRASH -> stop(place, node.host.closeAsync(Duration.ZERO));
            case STOP -> stop(place, node.host.closeAsync());
            case BAN -> {
                place.banned.add(next.other());
                await(node.ban(other));
            }
            case PARDON -> {
                place.banned.remove(next.other());
                node.pardon(other);
                introduce(node, places.get(next.other()).node);
            }
            case SUBNETS -> node.subnets("%032x".formatted(1L << next.other()));
            case START -> throw new AssertionError("done above");
        }
        return true;
    }

    /** Its bans are forgotten when it stops. */
    private static void stop(Place place, CompletableFuture<Void> stopped) {
        place.node = null;
        place.banned.clear();
        place.stopped = stopped;
    }

    /** Starts a node on a new port each time. The other nodes are told of its address, as a discovery would do. */
    private boolean start(int number) throws Exception {
        Place place = places.get(number);
        await(place.stopped);
        SsvNode node = new SsvNode(place.key, SsvNodeTest.QUICK);
        place.node = node;
        await(node.host.listen(Multiaddr.parse(Nodes.LOOPBACK)));
        for (Place other : places) {
            SsvNode known = other.node;
            if (other != place && known != null) {
                introduce(node, known);
                introduce(known, node);
            }
        }
        return true;
    }

    private static void introduce(SsvNode node, @Nullable SsvNode other) throws Exception {
        if (other != null) {
            node.meet(Nodes.address(other.host));
        }
    }

    /** Makes each node tell all others its subnets again. All nodes must be running. */
    void sayAllAnew() {
        for (int i = 0; i < places.size(); i++) {
            there(i).subnets("%032x".formatted(1L << i));
        }
    }

    List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            for (int j = i + 1; j < places.size(); j++) {
                pairs.add(new Pair(i, j));
            }
        }
        return pairs;
    }

    /** A node, or null if it is not running. */
    @Nullable SsvNode node(int number) {
        return places.get(number).node;
    }

    /** A node that is running. */
    SsvNode there(int number) {
        return Objects.requireNonNull(node(number));
    }

    /** The kept connection from a running node to another one that it does not ban. */
    KeptConnection kept(int node, int other) {
        return Objects.requireNonNull(there(node).kept.get(peer(other)), () -> node + " does not keep " + other);
    }

    private PeerId peer(int number) {
        return places.get(number).peer;
    }

    boolean bans(int node, int other) {
        return places.get(node).banned.contains(other);
    }

    /** Whether both nodes are running and neither bans the other. */
    boolean shouldBeConnected(Pair pair) {
        return node(pair.first()) != null
                && node(pair.second()) != null
                && !bans(pair.first(), pair.second())
                && !bans(pair.second(), pair.first());
    }

    /** Whether a running node has completed the handshake with another one. */
    boolean hasMember(int node, int other) {
        return there(node).members.containsKey(peer(other));
    }

    /** Whether a node has an open connection to another one. */
    boolean hasConnection(int node, int other) {
        SsvNode there = node(node);
        return there != null && there.host.connections(peer(other)).stream().anyMatch(Connection::isOpen);
    }

    @Override
    public void close() {
        for (Place place : places) {
            SsvNode node = place.node;
            if (node != null) {
                node.close();
            }
            await(place.stopped);
        }
    }
}
