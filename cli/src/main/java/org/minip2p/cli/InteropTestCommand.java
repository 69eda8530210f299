package org.minip2p.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/**
 * Plays one side of a public libp2p transport test: the listener publishes its address through Redis; the dialer reads it, dials, pings
 * once, and prints the times.
 */
@Command(
        name = "interop-test",
        description = "Play one side of a public libp2p transport test, configured by environment variables "
                + "(transport, security, muxer, is_dialer, ip, redis_addr, test_timeout_seconds).")
final class InteropTestCommand implements Callable<Integer> {
    /** The Redis list that passes the address (IOP-9). */
    private static final String KEY = "listenerAddr";

    /** Redis may start later than we do (IOP-10). */
    private static final Duration RETRY = Duration.ofMillis(100);

    private static final double MILLI = 1e6;

    private final Minip2pCommand root;
    private final Map<String, String> environment;

    InteropTestCommand(Minip2pCommand root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        InteropPlan plan = InteropPlan.of(environment);
        long end = System.nanoTime() + plan.timeout().toNanos();
        Logging.configure(false);
        try (RedisClient redis = connect(plan, end)) {
            if (plan.isDialer()) {
                dial(redis, end);
            } else {
                listen(plan, redis, end);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailedException("redis: " + Failures.text(e), e);
        }
    }

    private static RedisClient connect(InteropPlan plan, long end) throws CommandFailedException, InterruptedException {
        while (true) {
            try {
                return RedisClient.connect(plan.redisHost(), plan.redisPort());
            } catch (IOException e) {
                if (left(end).minus(RETRY).isNegative()) {
                    throw new CommandFailedException(
                            "no redis at " + plan.redisHost() + ":" + plan.redisPort() + " within "
                                    + plan.timeout().toSeconds() + " s: " + Failures.text(e),
                            e);
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    /** Serves until it is killed; reaching the time limit is a failure (IOP-19). */
    private void listen(InteropPlan plan, RedisClient redis, long end)
            throws CommandFailedException, InterruptedException, IOException {
        try (StopSignal stop = StopSignal.ofProcess()) {
            try (Host host = Await.result(Host.builder().start(), left(end))) {
                Ping.install(host);
                Identify.install(host, Version.agent());
                Await.result(host.listen(Multiaddr.parse("/ip4/" + plan.ip() + "/tcp/0")), left(end));
                String address = dialable(host.addresses()).toString();
                redis.push(KEY, address);
                root.terminal().err().println("listening on " + address);
                if (!stop.await(left(end))) {
                    throw new CommandFailedException(
                            "not stopped within " + plan.timeout().toSeconds() + " s");
                }
            }
            stop.finished(ExitCode.OK);
        }
    }

    /** An address that every implementation can dial: IPv4, and not loopback if there is another (IOP-11). */
    static Multiaddr dialable(List<Multiaddr> addresses) {
        List<Multiaddr> ip4 = addresses.stream()
                .filter(address -> address.toString().startsWith("/ip4/"))
                .toList();
        return ip4.stream()
                .filter(address -> !address.toString().startsWith("/ip4/127."))
                .findFirst()
                .or(() -> ip4.stream().findFirst())
                .orElseGet(() -> addresses.get(0));
    }

    private void dial(RedisClient redis, long end) throws CommandFailedException, InterruptedException, IOException {
        try (Host host = Await.result(Host.builder().start(), left(end))) {
            Ping ping = Ping.install(host);
            Identify.install(host, Version.agent());
            // For Redis, a wait of zero means no limit.
            String address =
                    redis.pop(KEY, Duration.ofSeconds(Math.max(1, left(end).toSeconds())));
            if (address == null) {
                throw new CommandFailedException("no address of a listener arrived in time");
            }
            Multiaddr listener;
            try {
                listener = Multiaddr.parse(address);
            } catch (IllegalArgumentException e) {
                throw new CommandFailedException("the listener's address: " + Failures.text(e), e);
            }
            long start = System.nanoTime();
            Connection connection = Await.result(host.dial(listener), left(end));
            Duration roundTrip = Await.result("ping", ping.ping(connection), left(end));
            long took = System.nanoTime() - start;
            Map<String, Double> result = new LinkedHashMap<>();
            result.put("handshakePlusOneRTTMillis", took / MILLI);
            result.put("pingRTTMilllis", roundTrip.toNanos() / MILLI); // three l: the tests' own name (IOP-14)
            root.terminal().out().println(JsonLine.of(result));
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), end - System.nanoTime()));
    }
}
