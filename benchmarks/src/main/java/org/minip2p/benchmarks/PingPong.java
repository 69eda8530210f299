package org.minip2p.benchmarks;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.minip2p.host.Host;

/**
 * Round trips of 32 bytes, one after the other, on one stream between two processes; the floor is a bare socket between the same two. Each
 * process has a separate event loop for stream and socket. The results depend on where the kernel places these threads, so the two
 * measurements take turns.
 */
final class PingPong {
    private static final int SECONDS = 60;
    private static final double MAX_RATIO = 1.3;

    /** Runs this measurement alone. */
    public static void main(String[] args) throws Exception {
        BenchHosts.print(args, new PingPong()::run);
    }

    List<Figure> run(Settings settings) throws Exception {
        boolean quick = settings.quick();
        int rounds = quick ? 3 : 9;
        int pings = quick ? 10_000 : 30_000;
        try (NodeProcess node = NodeProcess.start();
                BareSockets sockets = new BareSockets();
                Host client = BenchHosts.done(BenchHosts.builder().start())) {
            PingLoop bareLoop = new PingLoop();
            Channel bare = sockets.connect(node.barePort(), pipeline -> pipeline.addLast(bareLoop));
            PingLoop streamLoop = new PingLoop();
            Channel stream = BenchHosts.open(client, node, BenchProtocols.ECHO, streamLoop);
            bareLoop.run(bare, pings, SECONDS);
            streamLoop.run(stream, pings, SECONDS);
            List<Latencies> floors = new ArrayList<>();
            List<Latencies> values = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                floors.add(bareLoop.run(bare, pings, SECONDS));
                values.add(streamLoop.run(stream, pings, SECONDS));
            }
            return List.of(
                    Figure.of("ping-pong/p50", median(values, 50), "µs")
                            .beside(median(floors, 50))
                            .ratioAtMost(MAX_RATIO),
                    Figure.of("ping-pong/p99", median(values, 99), "µs").beside(median(floors, 99)));
        }
    }

    private static double median(List<Latencies> rounds, double percentage) {
        return BenchHosts.median(
                rounds.stream().map(round -> round.percentileMicros(percentage)).toList());
    }
}
