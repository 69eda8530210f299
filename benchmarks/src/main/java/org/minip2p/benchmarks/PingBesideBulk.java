package org.minip2p.benchmarks;

import io.netty.channel.Channel;
import java.util.List;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/**
 * 32 bytes there and back on a separate stream, while another stream of the same connection moves as much as it can, to the other process
 * or from it. The floor is the same without the other stream.
 */
final class PingBesideBulk {
    private static final int MOST = 1_000_000;
    private static final double MAX_MICROS = 5_000;

    /** Runs this measurement alone. */
    public static void main(String[] args) throws Exception {
        BenchHosts.print(args, new PingBesideBulk()::run);
    }

    List<Figure> run(Settings settings) throws Exception {
        boolean quick = settings.quick();
        int seconds = quick ? 3 : 10;
        try (NodeProcess node = NodeProcess.start();
                Host client = BenchHosts.done(BenchHosts.builder().start())) {
            Connection connection = BenchHosts.connect(client, node.address());
            PingLoop loop = new PingLoop();
            Channel pings = BenchHosts.open(connection, BenchProtocols.ECHO, loop);
            loop.run(pings, MOST, seconds);
            double alone = loop.run(pings, MOST, seconds).percentileMicros(99);

            BulkWriter writer = new BulkWriter();
            Channel up = BenchHosts.open(connection, BenchProtocols.SINK, writer);
            up.eventLoop().execute(writer::start);
            loop.run(pings, MOST, seconds);
            Latencies besideUp = loop.run(pings, MOST, seconds);
            up.eventLoop().submit(writer::stop).sync();
            up.close().sync();

            Channel down = BenchHosts.open(connection, BenchProtocols.SOURCE, new BenchProtocols.Sink());
            down.writeAndFlush(PingLoop.ping());
            loop.run(pings, MOST, seconds);
            Latencies besideDown = loop.run(pings, MOST, seconds);
            return List.of(
                    figure("ping/beside-upload/p50", besideUp, 50),
                    figure("ping/beside-upload/p99", besideUp, 99).beside(alone).atMost(MAX_MICROS),
                    figure("ping/beside-download/p50", besideDown, 50),
                    figure("ping/beside-download/p99", besideDown, 99)
                            .beside(alone)
                            .atMost(MAX_MICROS));
        }
    }

    private static Figure figure(String name, Latencies latencies, double percentage) {
        return Figure.of(name, latencies.percentileMicros(percentage), "µs");
    }
}
