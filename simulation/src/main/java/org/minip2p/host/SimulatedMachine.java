package org.minip2p.host;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.Transport;

/**
 * What a host takes from the machine that it runs on, replaced. In this package, since no application may.
 *
 * @param transport its sockets
 * @param threads its executors
 * @param nanoTime its clock
 * @param clock the time of day
 * @param random its jitter
 * @param memory what its connections may hold
 * @param names who is asked for host names
 */
public record SimulatedMachine(
        Transport transport,
        HostThreads threads,
        LongSupplier nanoTime,
        InstantSource clock,
        RandomGenerator random,
        HostMemory memory,
        AddressResolver.Names names) {
    /** Has the host run on it. */
    public HostBuilder runs(HostBuilder builder) {
        return builder.transport(transport)
                .threads(threads)
                .nanoTime(nanoTime)
                .clock(clock)
                .random(() -> random)
                .memory(memory)
                .names(names);
    }
}
