package org.minip2p.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.minip2p.host.HostConfig;
import org.minip2p.host.limits.HostMemory;

/**
 * The limits of a host.
 *
 * @param config its limits and time-outs
 * @param memory the account of what its connections hold
 */
record Limits(HostConfig config, HostMemory memory) {
    private static final long MEMORY_BYTES = 8 << 20;
    private static final int LEAST_MEMORY_BYTES = 256 << 10;
    private static final int TINY_MEMORY_BYTES = 1 << 20;

    /** Often the defaults; otherwise limits so small that every host reaches them. */
    static Limits of(RandomGenerator random) {
        HostConfig config = HostConfig.defaults();
        if (random.nextInt(3) > 0) {
            return new Limits(config, new HostMemory(MEMORY_BYTES));
        }
        int trimTo = random.nextInt(3);
        config = config.with(HostConfig.MAX_CONNECTIONS, 1 + random.nextInt(4))
                .with(HostConfig.MAX_PENDING_UPGRADES, 1 + random.nextInt(3))
                .with(HostConfig.MAX_PEERS, 1 + random.nextInt(3))
                .with(HostConfig.MAX_OUTBOUND_STREAMS, 1 + random.nextInt(3))
                .with(HostConfig.MAX_NEGOTIATING_STREAMS, 1 + random.nextInt(3))
                .with(HostConfig.TRIM_TO_PEERS, trimTo)
                .with(HostConfig.TRIM_ABOVE_PEERS, trimTo + 1 + random.nextInt(2))
                .with(HostConfig.TRIM_GRACE, Duration.ofSeconds(random.nextInt(20)))
                .with(HostConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(1 + random.nextInt(10)))
                .with(HostConfig.IDLE_TIMEOUT, Duration.ofSeconds(1 + random.nextInt(20)));
        return new Limits(
                config,
                new HostMemory(
                        random.nextBoolean() ? MEMORY_BYTES : random.nextInt(LEAST_MEMORY_BYTES, TINY_MEMORY_BYTES)));
    }
}
