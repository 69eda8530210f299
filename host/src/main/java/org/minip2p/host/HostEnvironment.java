package org.minip2p.host;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.Transport;

/**
 * What a host stands on beside its settings: clocks, chance, memory, threads and sockets. Those of this machine, unless a test or the
 * simulation gives others, which no application may. Not thread-safe.
 */
final class HostEnvironment {
    Function<SocketAddress, @Nullable Object> addressKey = ConnectionLimits::byAddress;
    Function<SocketAddress, @Nullable Object> networkKey = ConnectionLimits::byNetwork;
    /** Null for what the settings say. */
    @Nullable HostMemory memory;

    LongSupplier nanoTime = System::nanoTime;
    InstantSource clock = InstantSource.system();
    Supplier<RandomGenerator> random = SplittableRandom::new;
    AddressResolver.Names names = InetAddress::getAllByName;

    @Nullable HostThreads threads;

    @Nullable Transport transport;

    /** What counts as one remote address, so that tests can count loopback. */
    HostEnvironment addressKey(Function<SocketAddress, @Nullable Object> key) {
        this.addressKey = key;
        return this;
    }

    /** What counts as one remote network, so that tests can count loopback. */
    HostEnvironment networkKey(Function<SocketAddress, @Nullable Object> key) {
        this.networkKey = key;
        return this;
    }

    /** The memory for unread bytes, so that tests can have little. */
    HostEnvironment memory(HostMemory limited) {
        this.memory = limited;
        return this;
    }

    /** By which clock peers are young and connections unused, so that tests need not wait. */
    HostEnvironment nanoTime(LongSupplier clock) {
        this.nanoTime = clock;
        return this;
    }

    /** What time of day it is: how long addresses are known, and when a peer is dialed again. */
    HostEnvironment clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /** Where each host's jitter comes from. */
    HostEnvironment random(Supplier<RandomGenerator> source) {
        this.random = source;
        return this;
    }

    /** The executors beside the event loops, in the place of the host's own and of the application's; the host ends them. */
    HostEnvironment threads(HostThreads given) {
        this.threads = given;
        return this;
    }

    /** How the host gets its sockets, in the place of TCP; it shuts it down. */
    HostEnvironment transport(Transport given) {
        this.transport = given;
        return this;
    }

    /** Who is asked for host names, in the place of the system. */
    HostEnvironment names(AddressResolver.Names given) {
        this.names = given;
        return this;
    }
}
