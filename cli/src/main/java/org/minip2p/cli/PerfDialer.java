package org.minip2p.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongToDoubleFunction;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;

/**
 * The dialer of a public performance test: uploads, downloads, then exchanges of one byte, one after the other on one connection, each on a
 * stream of its own (UNI-31). The first failure fails the test (UNI-39). Results are printed when all of them are complete.
 */
final class PerfDialer {
    private static final int BITS = 8;
    private static final int THROUGHPUT_DECIMALS = 2;
    private static final int LATENCY_DECIMALS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    /** The protocol gives up by itself when nothing moves for 30 s. */
    private static final Duration STALL = Duration.ofSeconds(40);

    private final InteropSide side;
    private final PerfPlan plan;
    private final Perf perf = Perf.client();

    PerfDialer(InteropSide side, PerfPlan plan) {
        this.side = side;
        this.plan = plan;
    }

    void run() throws CommandFailedException, InterruptedException, IOException {
        try (Host host = side.startHost()) {
            Ping.install(host);
            Connection connection = side.dial(host, side.listener());
            PerfSamples up = measure(
                    connection,
                    "upload",
                    plan.uploads(),
                    plan.uploadBytes(),
                    0,
                    nanos -> gbps(plan.uploadBytes(), nanos));
            PerfSamples down = measure(
                    connection,
                    "download",
                    plan.downloads(),
                    0,
                    plan.downloadBytes(),
                    nanos -> gbps(plan.downloadBytes(), nanos));
            PerfSamples latency =
                    measure(connection, "latency", plan.roundTrips(), 1, 1, nanos -> nanos / NANOS_PER_MILLI);
            side.print(up.section("upload", THROUGHPUT_DECIMALS, "Gbps")
                    + down.section("download", THROUGHPUT_DECIMALS, "Gbps")
                    + latency.section("latency", LATENCY_DECIMALS, "ms"));
        }
    }

    private PerfSamples measure(
            Connection connection, String what, int iterations, long up, long down, LongToDoubleFunction sample)
            throws CommandFailedException, InterruptedException {
        List<Double> samples = new ArrayList<>();
        for (int i = 1; i <= iterations; i++) {
            samples.add(sample.applyAsDouble(exchange(connection, what + " " + i + " of " + iterations, up, down)));
        }
        return PerfSamples.of(samples);
    }

    /** How long one exchange took, from before its stream was opened to the end of the answer, in nanoseconds (UNI-32). */
    private long exchange(Connection connection, String what, long up, long down)
            throws CommandFailedException, InterruptedException {
        AtomicLong moved = new AtomicLong();
        long start = System.nanoTime();
        CompletableFuture<Long> taken = perf.run(
                        connection, up, down, (sent, received) -> moved.lazySet(sent + received))
                .thenApply(result -> System.nanoTime() - start);
        return Await.transfer(what, taken, moved::get, Progress.NONE, STALL);
    }

    /** The rate of an unsigned number of bytes in gigabits per second, which is the number of bits per nanosecond. */
    static double gbps(long bytes, long nanos) {
        double unsigned = (bytes >>> 1) * 2.0 + (bytes & 1);
        return unsigned * BITS / nanos;
    }
}
