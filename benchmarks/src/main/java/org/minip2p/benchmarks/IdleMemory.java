package org.minip2p.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.minip2p.host.Host;

/**
 * The memory that an idle connection and an idle stream use, both ends together. Each measured process has one host and does nothing else.
 * One process accepts a connection from each of many identities, and another one dials as many; the other ends are in this process. Streams
 * are open between two such processes, on one connection, after 32 bytes were sent there and back on each; their figure for direct memory
 * is that of the allocator, which allocates large chunks. Memory is measured after full collections. The floor of a connection is two bare
 * accepted sockets.
 */
final class IdleMemory {
    private static final int CONNECTIONS = 1_000;
    private static final int STREAMS = 10_000;
    private static final int WARM_UP = 100;
    private static final int WARM_UP_STREAMS = 1_000;
    private static final int DETAIL_LINES = 90;
    private static final double MAX_CONNECTION_BYTES = 8 * 1024;
    private static final double MAX_STREAM_BYTES = 2 * 1024;

    private final StringBuilder detail = new StringBuilder();

    /** Runs this measurement alone, and prints the details. */
    public static void main(String[] args) throws Exception {
        IdleMemory part = new IdleMemory();
        BenchHosts.print(args, part::run);
        System.out.print(part.detail());
    }

    List<Figure> run(Settings settings) throws IOException {
        boolean quick = settings.quick();
        List<Figure> figures = new ArrayList<>();
        connections(quick ? CONNECTIONS / 5 : CONNECTIONS, figures);
        streams(quick ? STREAMS / 5 : STREAMS, figures);
        return figures;
    }

    /** After a run: the memory by class, in bytes for each end of a connection or stream. */
    String detail() {
        return detail.toString();
    }

    private void connections(int count, List<Figure> figures) throws IOException {
        List<Host> peers = new ArrayList<>();
        try {
            for (int i = 0; i < count + WARM_UP; i++) {
                peers.add(BenchHosts.done(
                        BenchHosts.builder().listen("/ip4/127.0.0.1/tcp/0").start()));
            }
            double bare = bareSocket(count);
            MemoryUse.Growth accepted = connections(
                    peers,
                    (node, peer) -> BenchHosts.done(
                            BenchHosts.connect(peer, node.address()).ping()));
            MemoryUse.Growth dialed = connections(
                    peers, (node, peer) -> node.ask("dial " + peer.addresses().get(0)));
            figures.add(Figure.of("idle/connection/heap", accepted.heap() + dialed.heap(), "B")
                    .beside(2 * bare)
                    .atMost(MAX_CONNECTION_BYTES));
            figures.add(Figure.of("idle/connection/direct", accepted.direct() + dialed.direct(), "B")
                    .atMost(0));
            say("an accepted connection", accepted);
            say("a dialed connection", dialed);
        } finally {
            peers.stream().map(Host::closeAsync).toList().forEach(BenchHosts::done);
        }
    }

    /** The heap that a bare accepted socket uses, in bytes. */
    private double bareSocket(int count) throws IOException {
        try (NodeProcess node = start();
                BareSockets sockets = new BareSockets()) {
            connectBare(sockets, node, WARM_UP);
            MemoryUse before = memory(node);
            connectBare(sockets, node, count);
            MemoryUse.Growth growth = memory(node).since(before, count);
            say("a bare accepted socket", growth);
            return growth.heap();
        }
    }

    private static void connectBare(BareSockets sockets, NodeProcess node, int count) {
        for (int i = 0; i < count; i++) {
            sockets.connect(node.barePort(), pipeline -> {});
        }
    }

    /** Makes a connection between a node and one of its peers. */
    @FunctionalInterface
    private interface Connecting {
        void connect(NodeProcess node, Host peer) throws IOException;
    }

    private static MemoryUse.Growth connections(List<Host> peers, Connecting connecting) throws IOException {
        try (NodeProcess node = start()) {
            for (Host peer : peers.subList(0, WARM_UP)) {
                connecting.connect(node, peer);
            }
            MemoryUse before = memory(node);
            for (Host peer : peers.subList(WARM_UP, peers.size())) {
                connecting.connect(node, peer);
            }
            return memory(node).since(before, peers.size() - WARM_UP);
        }
    }

    private void streams(int count, List<Figure> figures) throws IOException {
        try (NodeProcess accepting = start();
                NodeProcess opening = start()) {
            opening.ask("open " + accepting.address() + " " + WARM_UP_STREAMS);
            MemoryUse beforeAccepting = memory(accepting);
            MemoryUse beforeOpening = memory(opening);
            opening.ask("open " + accepting.address() + " " + count);
            MemoryUse.Growth accepted = memory(accepting).since(beforeAccepting, count);
            MemoryUse.Growth opened = memory(opening).since(beforeOpening, count);
            figures.add(Figure.of("idle/stream/heap", accepted.heap() + opened.heap(), "B")
                    .atMost(MAX_STREAM_BYTES));
            figures.add(Figure.of("idle/stream/direct", accepted.direct() + opened.direct(), "B"));
            say("an accepted stream", accepted);
            say("an opened stream", opened);
        }
    }

    /** Starts a node with the collector whose figures are exact. */
    private static NodeProcess start() throws IOException {
        return NodeProcess.start("-XX:+UseSerialGC");
    }

    /** Asks twice, since the first request allocates memory itself. */
    private static MemoryUse memory(NodeProcess node) throws IOException {
        node.ask("memory");
        return MemoryUse.ofLine(node.ask("memory"));
    }

    private void say(String what, MemoryUse.Growth growth) {
        detail.append(String.format(
                "%s: %.0f B of heap, %.0f B of direct memory%n%s",
                what, growth.heap(), growth.direct(), growth.byClass(DETAIL_LINES)));
    }
}
