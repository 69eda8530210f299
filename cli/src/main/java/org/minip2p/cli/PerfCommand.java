package org.minip2p.cli;

import java.util.concurrent.Callable;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Measures throughput. */
@Command(name = "perf", description = "Measure throughput to and from the peer with libp2p perf.")
final class PerfCommand implements Callable<Integer> {
    private final DialCommand dial;

    @Option(
            names = "--upload",
            paramLabel = "BYTES",
            defaultValue = "256MiB",
            converter = Arguments.Bytes.class,
            description = "How much to send; ${DEFAULT-VALUE} by default.")
    private long upload = 1;

    @Option(
            names = "--download",
            paramLabel = "BYTES",
            defaultValue = "256MiB",
            converter = Arguments.Bytes.class,
            description = "How much to request; ${DEFAULT-VALUE} by default.")
    private long download = 1;

    PerfCommand(DialCommand dial) {
        this.dial = dial;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        try (Host host = dial.start()) {
            Connection connection = dial.connect(host);
            PerfResult result = PerfTransfer.run("perf", dial.output(), Perf.client(), connection, upload, download);
            double up = rate(result.uploadBytes(), result.uploadTime().toNanos());
            double down = rate(result.downloadBytes(), result.downloadTime().toNanos());
            dial.output()
                    .result(Report.ok()
                            .line("peer", connection.remotePeer().toString())
                            .line("sent", Units.size(upload))
                            .both("uploadMibPerSecond", up, "at", Units.rate(up))
                            .line("received", Units.size(download))
                            .both("downloadMibPerSecond", down, "at", Units.rate(down)));
        }
        return ExitCode.OK;
    }

    /** A direction that was not requested has no rate. */
    private static double rate(long bytes, long nanos) {
        return bytes == 0 ? 0 : Units.mibPerSecond(bytes, nanos);
    }
}
