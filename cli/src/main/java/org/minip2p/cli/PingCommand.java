package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Ping;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Measures round trips. */
@Command(name = "ping", description = "Measure round trips to the peer.")
final class PingCommand implements Callable<Integer> {
    /** The protocol gives up after 10 s by itself. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final DialCommand dial;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "10",
            converter = Arguments.Count.class,
            description = "How many round trips to measure, one after the other; ${DEFAULT-VALUE} by default.")
    private int count = 1;

    PingCommand(DialCommand dial) {
        this.dial = dial;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        try (Host host = dial.start()) {
            Ping ping = Ping.install(host);
            Connection connection = dial.connect(host);
            Latencies times = measure(ping, connection, count);
            double median = times.percentileMicros(50);
            double slow = times.percentileMicros(99);
            dial.output()
                    .result(Report.ok()
                            .line("peer", connection.remotePeer().toString())
                            .line("round trips", Integer.toString(count))
                            .both("rttMicrosP50", median, "median", Units.time(median))
                            .both("rttMicrosP99", slow, "99th percentile", Units.time(slow)));
        }
        return ExitCode.OK;
    }

    /** Pings one after the other. */
    static Latencies measure(Ping ping, Connection connection, int count)
            throws CommandFailedException, InterruptedException {
        Latencies times = new Latencies();
        for (int i = 0; i < count; i++) {
            times.add(Await.result("ping", ping.ping(connection), LIMIT).toNanos());
        }
        return times;
    }
}
