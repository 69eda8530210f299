package org.minip2p.interop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NetworkSchedule;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;

/**
 * The nodes of fork rounds: ours, each with a handshake that follows the fork, and those of a peer, all in one process. Events are reported
 * on several threads; methods may be called on any thread.
 */
final class ForkNodes implements AutoCloseable {
    /** Receives what happens between two nodes. */
    interface Observer {
        /**
         * Something happened.
         *
         * @param event records the event in the pair
         */
        void told(String ours, String theirs, Consumer<ForkPair> event);
    }

    private static final String OLD_NETWORK = OurNode.NETWORK;
    private static final String NEW_NETWORK = "0x00000503";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final NetworkSchedule schedule;
    private final Observer observer;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Host> ours = new ArrayList<>();
    private final List<NodeInfoHandshake> handshakes = new ArrayList<>();
    private final List<Multiaddr> theirs = new ArrayList<>();
    private final PeerProcess process;

    /**
     * Starts all nodes.
     *
     * @param plan the number of nodes, and how far the peers' clocks are ahead
     * @param follows whether the peers follow the fork
     * @param fork the time of the fork
     */
    ForkNodes(Peers peer, ForkPlan plan, ForkRunOptions options, boolean follows, Instant fork, Observer observer) {
        this.observer = observer;
        this.schedule = NetworkSchedule.startingWith(OLD_NETWORK)
                .thenAt(fork, NEW_NETWORK)
                .withWindow(options.window(), options.window());
        List<String> arguments = new ArrayList<>(List.of("--identities", Integer.toString(plan.nodes())));
        arguments.addAll(List.of("--network-id", OLD_NETWORK));
        arguments.addAll(behaviour(peer));
        if (follows) {
            arguments.addAll(clocks(plan, fork));
            if (!isStrict(peer)) {
                arguments.addAll(
                        List.of("--window", Long.toString(options.window().toMillis())));
            }
        }
        HandshakeOptions handshake = options.ownNetworkOnly()
                ? HandshakeOptions.defaults()
                : HandshakeOptions.defaults().withAcceptedNetworks(schedule::accepted);
        this.process = peer.listen(this::told, arguments.toArray(String[]::new));
        try {
            for (int i = 0; i < plan.nodes(); i++) {
                theirs.add(Multiaddr.parse(
                        process.awaitListening().texts("addresses").get(0)));
                start(handshake);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Whether a peer accepts only its own current network, and closes all connections to a peer on any failure. */
    static boolean isStrict(Peers peer) {
        return peer.isRust();
    }

    private static List<String> behaviour(Peers peer) {
        if (peer.isGo()) {
            return List.of("--ssv");
        }
        return isStrict(peer) ? List.of("--anchor") : List.of();
    }

    private static List<String> clocks(ForkPlan plan, Instant fork) {
        String skews = plan.skews().stream()
                .map(skew -> Long.toString(skew.toMillis()))
                .collect(Collectors.joining(","));
        return List.of(
                "--fork-network-id", NEW_NETWORK, "--fork-at", Long.toString(fork.toEpochMilli()), "--skew", skews);
    }

    /**
     * Starts a node of ours. Only the handshake and the other side close its connections, and the host when another connection to the same
     * peer supersedes one.
     */
    private void start(HandshakeOptions options) {
        Host host = OurNode.await(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ZERO))
                .eventLoops(1)
                .start());
        ours.add(host);
        host.addListener(this::told);
        Ping.install(host);
        Identify.install(host, OurNode.AGENT_VERSION);
        handshakes.add(NodeInfoHandshake.install(
                host,
                () -> NodeInfo.of(
                        schedule.network(),
                        new Metadata(OurNode.NODE_VERSION, "", "", "0".repeat(Metadata.SUBNETS_LENGTH))),
                options,
                (node, event) -> tell(node, event.peerId(), pair -> pair.told(event))));
        OurNode.await(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    }

    private void told(Host host, HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            tell(host, established.connection().remotePeer(), ForkPair::established);
        } else if (event instanceof HostEvent.ConnectionClosed closed) {
            tell(
                    host,
                    closed.connection().remotePeer(),
                    pair -> pair.closed(closed.connection().id(), closed.cause()));
        }
    }

    private void tell(Host host, PeerId their, Consumer<ForkPair> event) {
        observer.told(host.peerId().toString(), their.toString(), event);
    }

    private void told(JsonLine line) {
        if (line.members().get("self") instanceof String their && line.members().get("peerId") instanceof String our) {
            observer.told(our, their, pair -> pair.told(line));
        }
    }

    /** The peer id of a node of ours. */
    String ours(ForkPlan.Round round) {
        return ours.get(round.ours()).peerId().toString();
    }

    /** The peer id of a node of theirs. */
    String theirs(ForkPlan.Round round) {
        return theirPeer(round.theirs()).toString();
    }

    private PeerId theirPeer(int node) {
        return theirs.get(node).peerId().orElseThrow();
    }

    /** The time until our window ends. */
    Duration untilWindowEnds() {
        return schedule.untilWindowEnds().orElseThrow();
    }

    /** Makes two nodes dial each other, each after its delay. */
    void dial(ForkPlan.Round round) {
        Host our = ours.get(round.ours());
        Multiaddr their = theirs.get(round.theirs());
        process.send("dial " + our.addresses().get(0) + " " + theirs(round) + " " + micros(round.theirDelay()));
        timer.schedule(
                () -> our.dial(their, DialOptions.when(round.condition())),
                micros(round.ourDelay()),
                TimeUnit.MICROSECONDS);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /** Makes all our nodes ask all their peers again. */
    void askAgain() {
        handshakes.forEach(NodeInfoHandshake::askAgainAll);
    }

    /** The outcome of a pair, with the connections that each side has now. */
    ForkOutcome outcome(ForkPair pair, Map<String, Integer> theirConnections) {
        ForkPlan.Round round = pair.round();
        int ourConnections =
                ours.get(round.ours()).connections(theirPeer(round.theirs())).size();
        return pair.outcome(ourConnections, theirConnections.getOrDefault(ours(round), 0));
    }

    /** Asks a node of theirs for its number of connections by peer id. */
    Map<String, Integer> theirConnections(int node) {
        String their = theirPeer(node).toString();
        process.send("peers " + their);
        JsonLine line = process.await(
                "peers of " + their,
                told -> told.isEvent("peers") && their.equals(told.members().get("self")),
                DEADLINE);
        return line.object("peers").members().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> ((Number) entry.getValue()).intValue()));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        ours.forEach(host -> OurNode.await(host.closeAsync()));
        process.close();
    }
}
