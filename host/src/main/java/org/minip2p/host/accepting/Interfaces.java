package org.minip2p.host.accepting;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of this machine's interfaces, without zones. They are listed at most once in five seconds, since a machine may have
 * hundreds. The last list stays valid while they cannot be listed: a lack of descriptors removes no address. Thread-safe.
 */
final class Interfaces {
    /** Lists the addresses of the interfaces that are up; fails as a whole or not at all. */
    interface Source {
        Set<InetAddress> list() throws SocketException;
    }

    static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(Interfaces.class);

    private final Source source;
    private final LongSupplier ticker;
    private @Nullable Set<InetAddress> found;
    private long listedAtNanos;

    /**
     * Not listed yet.
     *
     * @param source lists them
     * @param ticker the clock, in nanoseconds
     */
    Interfaces(Source source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    /** The interfaces of this machine, with this clock. */
    static Interfaces ofThisMachine(LongSupplier ticker) {
        return new Interfaces(Interfaces::list, ticker);
    }

    /** The same set object until something changes; empty only when they could never be listed. */
    synchronized Set<InetAddress> addresses() {
        long now = ticker.getAsLong();
        Set<InetAddress> known = found;
        if (known != null && now - listedAtNanos < KEEP_NANOS) {
            return known;
        }
        listedAtNanos = now;
        try {
            Set<InetAddress> listed = source.list();
            if (!listed.equals(known)) {
                known = Collections.unmodifiableSet(new LinkedHashSet<>(listed));
            }
        } catch (SocketException e) {
            LOG.warn(
                    "cannot list the interfaces kept={} error={}",
                    known == null ? 0 : known.size(),
                    Printable.message(e));
        }
        found = known;
        return known == null ? Set.of() : known;
    }

    private static Set<InetAddress> list() throws SocketException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (isUp(each)) {
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    addresses.add(withoutZone(address));
                }
            }
        }
        return addresses;
    }

    /** An interface that has disappeared since the list was made is down; any other failure is rethrown. */
    private static boolean isUp(NetworkInterface candidate) throws SocketException {
        try {
            return candidate.isUp();
        } catch (SocketException e) {
            if (NetworkInterface.getByName(candidate.getName()) == null) {
                return false;
            }
            throw e;
        }
    }

    /** The name of an interface of ours means nothing to a peer. */
    static InetAddress withoutZone(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
