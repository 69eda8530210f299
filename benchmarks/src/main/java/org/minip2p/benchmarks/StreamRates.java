package org.minip2p.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Conscrypt;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;

/**
 * The number of streams and connections per second between two processes. A stream is opened, negotiated, used for an echo of 32 bytes, and
 * closed at both ends. A connection is dialed and answers a ping, so that both ends are ready; it is closed while the next one is dialed.
 */
final class StreamRates {
    private static final int AT_ONCE = 64;
    private static final double MIN_ONE_BY_ONE = 12_000;
    private static final double MIN_AT_ONCE = 100_000;
    private static final double MIN_CONNECTIONS_CONSCRYPT = 1_400;
    private static final double MIN_CONNECTIONS_BOUNCY_CASTLE = 800;
    private static final double MAX_CONNECTION_ALLOCATES = 40 * 1024;

    /** Runs this measurement alone. */
    public static void main(String[] args) throws Exception {
        BenchHosts.print(args, new StreamRates()::run);
    }

    List<Figure> run(Settings settings) throws Exception {
        boolean quick = settings.quick();
        int rounds = quick ? 3 : 5;
        int seconds = quick ? 1 : 2;
        try (NodeProcess node = NodeProcess.start();
                Host client = BenchHosts.done(BenchHosts.builder().start())) {
            List<Figure> figures = new ArrayList<>();
            Connection connection = BenchHosts.connect(client, node.address());
            figures.addAll(streams("stream/one-by-one", node, connection, 1, rounds, seconds, MIN_ONE_BY_ONE));
            figures.addAll(streams("stream/64-at-once", node, connection, AT_ONCE, rounds, seconds, MIN_AT_ONCE));
            figures.addAll(connections(node, client, rounds, seconds));
            return figures;
        }
    }

    private static List<Figure> streams(
            String name, NodeProcess node, Connection connection, int atOnce, int rounds, int seconds, double least)
            throws IOException {
        new StreamLoop(connection, BenchProtocols.ECHO).run(atOnce, 2 * seconds);
        List<Double> rates = new ArrayList<>();
        List<Double> allocated = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            long before = allocated(node);
            long start = System.nanoTime();
            int streams = new StreamLoop(connection, BenchProtocols.ECHO).run(atOnce, seconds);
            rates.add(perSecond(streams, start));
            allocated.add((allocated(node) - before) / (double) streams);
        }
        return List.of(
                Figure.of(name, BenchHosts.median(rates), "1/s").atLeast(least),
                Figure.of(name + "/allocated", BenchHosts.median(allocated), "B"));
    }

    private static List<Figure> connections(NodeProcess node, Host client, int rounds, int seconds) throws IOException {
        connectFor(client, node, 2 * seconds);
        List<Double> rates = new ArrayList<>();
        List<Double> allocated = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            long before = allocated(node);
            long start = System.nanoTime();
            int connections = connectFor(client, node, seconds);
            rates.add(perSecond(connections, start));
            allocated.add((allocated(node) - before) / (double) connections);
        }
        boolean conscrypt = Conscrypt.provider().isPresent();
        return List.of(
                Figure.of(
                                "connection/one-by-one/" + (conscrypt ? "conscrypt" : "bouncycastle"),
                                BenchHosts.median(rates),
                                "1/s")
                        .atLeast(conscrypt ? MIN_CONNECTIONS_CONSCRYPT : MIN_CONNECTIONS_BOUNCY_CASTLE),
                Figure.of("connection/one-by-one/allocated", BenchHosts.median(allocated), "B")
                        .atMost(MAX_CONNECTION_ALLOCATES));
    }

    private static int connectFor(Host client, NodeProcess node, int seconds) {
        Multiaddr address = Multiaddr.parse(node.address());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<CompletableFuture<?>> closing = new ArrayList<>();
        while (System.nanoTime() < end) {
            Connection another = BenchHosts.done(client.dial(address, DialOptions.when(DialCondition.ALWAYS)));
            BenchHosts.done(another.ping());
            closing.add(another.close());
        }
        closing.forEach(BenchHosts::done);
        return closing.size();
    }

    /** The bytes that both processes have allocated. */
    private static long allocated(NodeProcess node) throws IOException {
        return Allocation.ofThisProcess() + Long.parseLong(node.ask("allocated"));
    }

    private static double perSecond(int count, long startNanos) {
        return count * 1e9 / (System.nanoTime() - startNanos);
    }
}
