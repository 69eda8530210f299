package org.minip2p.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/**
 * 1,000 streams of one connection, each writing messages of 64 KiB as fast as it can. Measures their total throughput, compared with a
 * single stream in the same run, and whether each stream gets its share.
 */
final class FanOut {
    private static final int STREAMS = 1_000;
    private static final double MIN_RATIO = 0.85;
    private static final double MAX_SPREAD = 2;
    private static final double MIB = 1 << 20;

    /** Runs this measurement alone. */
    public static void main(String[] args) throws Exception {
        BenchHosts.print(args, new FanOut()::run);
    }

    /** The throughput of the streams. */
    private record Moved(double mibPerSecond, double median, double slowest) {}

    List<Figure> run(Settings settings) throws Exception {
        boolean quick = settings.quick();
        int rounds = quick ? 2 : 5;
        int seconds = quick ? 2 : 5;
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        List<Double> spreads = new ArrayList<>();
        try (NodeProcess node = NodeProcess.start();
                Host client = BenchHosts.done(BenchHosts.builder().start())) {
            Connection connection = BenchHosts.connect(client, node.address());
            List<BulkWriter> one = open(connection, 1);
            List<BulkWriter> many = open(connection, STREAMS);
            measure(connection, one, seconds);
            measure(connection, many, seconds);
            for (int i = 0; i < rounds; i++) {
                alone.add(measure(connection, one, seconds).mibPerSecond());
                Moved moved = measure(connection, many, seconds);
                together.add(moved.mibPerSecond());
                spreads.add(moved.median() / moved.slowest());
            }
        }
        return List.of(
                Figure.of("fan-out/1000-streams", BenchHosts.median(together), "MiB/s")
                        .beside(BenchHosts.median(alone))
                        .ratioAtLeast(MIN_RATIO),
                Figure.of("fan-out/median-by-slowest", BenchHosts.median(spreads), "x")
                        .atMost(MAX_SPREAD));
    }

    private static List<BulkWriter> open(Connection connection, int count) {
        List<BulkWriter> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BulkWriter writer = new BulkWriter();
            writers.add(writer);
            Channel unused = BenchHosts.open(connection, BenchProtocols.SINK, writer);
        }
        return writers;
    }

    /** Lets the streams write, and measures in the middle. Afterwards it waits until queued data has been sent. */
    private static Moved measure(Connection connection, List<BulkWriter> writers, int seconds) throws Exception {
        EventLoop loop = connection.eventLoop();
        loop.execute(() -> writers.forEach(BulkWriter::start));
        pass(loop, seconds);
        long start = System.nanoTime();
        List<Long> before = moved(loop, writers);
        pass(loop, seconds);
        List<Long> after = moved(loop, writers);
        double elapsed = (System.nanoTime() - start) / 1e9;
        loop.submit(() -> writers.forEach(BulkWriter::stop)).sync();
        pass(loop, 1);
        List<Long> shares = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            shares.add(after.get(i) - before.get(i));
        }
        shares.sort(null);
        long messages = shares.stream().mapToLong(Long::longValue).sum();
        return new Moved(
                messages * BenchProtocols.PIECE_BYTES / MIB / elapsed, shares.get(shares.size() / 2), shares.get(0));
    }

    private static List<Long> moved(EventLoop loop, List<BulkWriter> writers) throws Exception {
        return loop.submit(() -> writers.stream().map(BulkWriter::moved).toList())
                .get();
    }

    private static void pass(EventLoop loop, int seconds) throws InterruptedException {
        CountDownLatch passed = new CountDownLatch(1);
        loop.schedule(passed::countDown, seconds, TimeUnit.SECONDS);
        passed.await();
    }
}
