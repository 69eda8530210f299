package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.host.Connection;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfResult;

/** A perf exchange with a progress bar. */
final class PerfTransfer {
    /** The protocol itself gives up after 30 s without progress. */
    private static final Duration STALL = Duration.ofSeconds(40);

    private PerfTransfer() {}

    static PerfResult run(String label, Output output, Perf perf, Connection connection, long upload, long download)
            throws CommandFailedException, InterruptedException {
        AtomicLong moved = new AtomicLong();
        try (Progress progress = output.progress(label, upload + download)) {
            return Await.transfer(
                    label,
                    perf.run(connection, upload, download, (up, down) -> moved.lazySet(up + down)),
                    moved::get,
                    progress,
                    STALL);
        }
    }
}
