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
 * The environment of a host: clocks, randomness, memory, threads and sockets. By default those of this machine; tests and the
 * simulation may set others, applications may not. Not thread-safe.
 */
final class HostEnvironment {
    Function<SocketAddress, @Nullable Object> addressKey = ConnectionLimits::byAddress;
    Function<SocketAddress, @Nullable Object> networkKey = ConnectionLimits::byNetwork;
    /** Null to use the settings. */
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

    /** The clock for the ages of peers and the idle times of connections, so that tests need not wait. */
    HostEnvironment nanoTime(LongSupplier clock) {
        this.nanoTime = clock;
        return this;
    }

    /** The time of day: for the expiry of addresses, and for the next attempt to dial a peer. */
    HostEnvironment clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /** The source of each host's jitter. */
    HostEnvironment random(Supplier<RandomGenerator> source) {
        this.random = source;
        return this;
    }

    /** The executors besides the event loops, instead of the host's own and the application's; the host shuts them down. */
    HostEnvironment threads(HostThreads given) {
        this.threads = given;
        return this;
    }

    /** The host's transport, instead of TCP; the host shuts it down. */
    HostEnvironment transport(Transport given) {
        this.transport = given;
        return this;
    }

    /** The resolver of host names, instead of the system's. */
    HostEnvironment names(AddressResolver.Names given) {
        this.names = given;
        return this;
    }
}
