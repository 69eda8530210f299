package org.minip2p.host;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.Transport;

/**
 * Replaces what a host takes from the machine that it runs on. It is in this package because applications must not replace these.
 *
 * @param transport its sockets
 * @param threads its executors
 * @param nanoTime its clock
 * @param clock the time of day
 * @param random its jitter
 * @param memory the account of what its connections hold
 * @param names resolves host names
 */
public record SimulatedMachine(
        Transport transport,
        HostThreads threads,
        LongSupplier nanoTime,
        InstantSource clock,
        RandomGenerator random,
        HostMemory memory,
        AddressResolver.Names names) {
    /** Makes the host run on this machine. */
    public HostBuilder runs(HostBuilder builder) {
        return builder.on(new HostEnvironment()
                .transport(transport)
                .threads(threads)
                .nanoTime(nanoTime)
                .clock(clock)
                .random(() -> random)
                .memory(memory)
                .names(names));
    }
}
