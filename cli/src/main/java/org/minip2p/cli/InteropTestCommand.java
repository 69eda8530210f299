package org.minip2p.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/**
 * Plays one side of a public libp2p test: the listener passes its address on by Redis, the dialer takes it from there, dials,
 * measures, and prints what it measured.
 */
@Command(
        name = "interop-test",
        description =
                "Play one side of a public libp2p test, as its environment variables say: those of libp2p/unified-testing "
                        + "(TRANSPORT, SECURE_CHANNEL, MUXER, IS_DIALER, LISTENER_IP, REDIS_ADDR, TEST_KEY, TEST_TIMEOUT_SECS, DEBUG) "
                        + "or those of libp2p/test-plans "
                        + "(transport, security, muxer, is_dialer, ip, redis_addr, test_timeout_seconds).")
final class InteropTestCommand implements Callable<Integer> {
    /** Redis may start later than we do (IOP-10, UNI-15). */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Minip2pCommand root;
    private final Map<String, String> environment;

    @Option(
            names = "--perf",
            description =
                    "A performance test of libp2p/unified-testing instead of a transport test "
                            + "(also UPLOAD_BYTES, DOWNLOAD_BYTES, UPLOAD_ITERATIONS, DOWNLOAD_ITERATIONS, LATENCY_ITERATIONS).")
    private boolean perf;

    InteropTestCommand(Minip2pCommand root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        InteropPlan plan = InteropPlan.of(environment);
        if (perf && plan.contract() != InteropContract.UNIFIED_TESTING) {
            throw new CommandFailedException("expected the environment variables of libp2p/unified-testing for --perf, "
                    + "got those of libp2p/test-plans");
        }
        PerfPlan measurements = PerfPlan.of(perf ? environment : Map.of());
        Deadline deadline = Deadline.after(plan.timeout());
        Logging.configure(plan.isVerbose());
        try (RedisClient redis = connect(plan, deadline)) {
            Rendezvous rendezvous =
                    new Rendezvous(redis, perf ? Rendezvous.Type.TEXT : Rendezvous.Type.LIST, plan.key());
            InteropSide side = new InteropSide(plan, rendezvous, deadline, root.terminal());
            if (!plan.isDialer()) {
                new InteropListener(side, perf ? Perf::install : Ping::install).run();
            } else if (perf) {
                new PerfDialer(side, measurements).run();
            } else {
                new TransportDialer(side).run();
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailedException("Redis error: " + Failures.text(e), e);
        }
    }

    private static RedisClient connect(InteropPlan plan, Deadline deadline)
            throws CommandFailedException, InterruptedException {
        while (true) {
            try {
                return RedisClient.connect(plan.redisHost(), plan.redisPort());
            } catch (IOException e) {
                if (deadline.isWithin(RETRY)) {
                    throw new CommandFailedException(
                            "cannot connect to Redis at " + plan.redisHost() + ":" + plan.redisPort() + " within "
                                    + plan.timeout().toSeconds() + " s: " + Failures.text(e),
                            e);
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }
}
