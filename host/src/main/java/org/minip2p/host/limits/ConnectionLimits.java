package org.minip2p.host.limits;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.ConnectionDeniedException;

/**
 * Counts sockets: in all, not yet upgraded, and per remote address and network. A place is taken before anything of the socket is read, and
 * given back when it is closed. Accepted and dialed sockets do not take each other's places: those that are not upgraded yet are counted
 * apart, and a part of all places is for dialed ones alone. Where accepted sockets that are not upgraded yet hold all places, the oldest of
 * the address that has most of them makes room: who has nothing to say keeps nobody out. No address, and no network, gets another connection
 * when it has as many as there are places left: however many addresses an attacker has, there is room for one more. Thread-safe.
 */
public final class ConnectionLimits {
    /** An IPv6 user has at least a /56, so its addresses count as one; a /48 is what one site has. */
    private static final int IPV6_PREFIX_BYTES = 7;

    private static final int IPV6_NETWORK_BYTES = 6;

    /** The slots reserved for dialed sockets: this number, or this fraction of all slots if that is less. */
    private static final int RESERVED_FOR_DIALS = 64;

    private static final int RESERVED_SHARE = 16;

    /** The key for the address of all dialed sockets. */
    private static final Object DIALED = new Object();

    /** Honest dialers are not silent for this long: many connects at once from one address are not a flood. In nanoseconds. */
    private static final long YOUTH_NANOS = 1_000_000_000;

    /**
     * The limits.
     *
     * @param total all sockets
     * @param pending sockets of each direction that are not yet upgraded
     * @param pendingPerAddress accepted sockets of one address that are not yet upgraded after a second, including loopback
     * @param perAddress accepted sockets from one address
     * @param perNetwork accepted sockets from one network
     */
    public record Max(int total, int pending, int pendingPerAddress, int perAddress, int perNetwork) {}

    private final Max max;
    private final Function<SocketAddress, @Nullable Object> addressKey;
    private final Function<SocketAddress, @Nullable Object> networkKey;
    private final LongSupplier nanoTime;
    private final Map<Object, Integer> perKey = new HashMap<>();
    private final Map<Object, Integer> pendingPerKey = new HashMap<>();

    /** Accepted sockets that are not yet upgraded, the oldest first. */
    private final Set<Place> pendingAccepted = new LinkedHashSet<>();

    private int pendingDialed;
    private int total;
    private int overbooked;

    /**
     * Limits of a host.
     *
     * @param max the limits
     * @param addressKey the key that counts as one address; null for addresses that are not counted
     * @param networkKey the key that counts as one network; null for addresses that are not counted
     * @param nanoTime the clock, in nanoseconds
     */
    public ConnectionLimits(
            Max max,
            Function<SocketAddress, @Nullable Object> addressKey,
            Function<SocketAddress, @Nullable Object> networkKey,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.max = max;
        this.addressKey = addressKey;
        this.networkKey = networkKey;
    }

    /** The default key of one address: an IPv4 address or an IPv6 /56; loopback is not counted. */
    public static @Nullable Object byAddress(SocketAddress address) {
        InetAddress ip = ip(address);
        return ip == null || ip.isLoopbackAddress() ? null : prefix(ip, IPV6_PREFIX_BYTES);
    }

    /** The default key of one network: an IPv6 /48; loopback is not counted. */
    public static @Nullable Object byNetwork(SocketAddress address) {
        InetAddress ip = ip(address);
        return ip == null || ip.isLoopbackAddress() || ip instanceof Inet4Address
                ? null
                : prefix(ip, IPV6_NETWORK_BYTES);
    }

    private static @Nullable InetAddress ip(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    private static Object prefix(InetAddress ip, int ipv6Bytes) {
        return ip instanceof Inet4Address ? ip : ByteBuffer.wrap(Arrays.copyOf(ip.getAddress(), ipv6Bytes));
    }

    /**
     * Takes a slot for an accepted socket.
     *
     * @param remote its remote address
     * @param end closes the socket, while it is not upgraded, to make room for another; any thread
     */
    public Place accept(SocketAddress remote, Runnable end) throws ConnectionDeniedException {
        Runnable endEvicted = null;
        Place place;
        synchronized (this) {
            place = new Place(addressKey.apply(remote), networkKey.apply(remote), pendingKey(remote), end);
            Place evicted = makeRoom(place, remote);
            if (evicted != null) {
                endEvicted = evicted.end;
                evicted.release();
            }
            place.take();
        }
        try {
            if (endEvicted != null) {
                endEvicted.run();
            }
        } catch (Throwable e) {
            place.release(); // the event loop of the other socket may be shut down: nothing else would release this
            // slot
            throw e;
        }
        return place;
    }

    /**
     * Ends an accepted socket that is not upgraded, chosen as for a newcomer when all slots are taken: the machine has no descriptor for
     * another one. The only one of its address has a second first, so that newcomers do not end each other.
     *
     * @return whether there was one
     */
    public boolean makeRoom() {
        Runnable end;
        synchronized (this) {
            Place oldest = oldestOfTheFullest();
            if (oldest == null || (isAlone(oldest) && nanoTime.getAsLong() - oldest.sinceNanos < YOUTH_NANOS)) {
                return false;
            }
            end = oldest.end;
            oldest.release();
        }
        if (end != null) {
            end.run();
        }
        return true;
    }

    /** Loopback has no limit of its own but this one. */
    private Object pendingKey(SocketAddress remote) {
        Object key = addressKey.apply(remote);
        InetAddress ip = ip(remote);
        return key != null ? key : ip != null ? prefix(ip, IPV6_PREFIX_BYTES) : remote;
    }

    /** The socket to close for another one; null when there is room. */
    private @Nullable Place makeRoom(Place place, SocketAddress remote) throws ConnectionDeniedException {
        refuseFull(perKey, place.address, max.perAddress, "this address", remote);
        refuseFull(perKey, place.network, max.perNetwork, "this network", remote);
        int inAll = max.total - Math.min(RESERVED_FOR_DIALS, max.total / RESERVED_SHARE) + overbooked;
        int left = inAll - total + pendingAccepted.size(); // those that have nothing to say yet count as good as gone
        refuseGreedy(place.address, left, "this address", remote);
        refuseGreedy(place.network, left, "this network", remote);
        if (total >= inAll) {
            Place oldest = oldestOfTheFullest();
            if (oldest == null) {
                throw denied("from", remote, "there are " + total + " of " + max.total + ", some kept for dials");
            }
            return oldest;
        }
        if (pendingPerKey.getOrDefault(place.pendingKey, 0) >= max.pendingPerAddress) {
            Place oldest = oldestOf(place.pendingKey);
            if (oldest != null && place.sinceNanos - oldest.sinceNanos >= YOUTH_NANOS) {
                return oldest;
            }
        }
        return pendingAccepted.size() >= max.pending ? oldestOfTheFullest() : null;
    }

    private static void refuseFull(
            Map<Object, Integer> counts, @Nullable Object key, int most, String whose, SocketAddress remote)
            throws ConnectionDeniedException {
        if (key != null && counts.getOrDefault(key, 0) >= most) {
            throw denied("from", remote, whose + " has " + most + " already");
        }
    }

    private void refuseGreedy(@Nullable Object key, int left, String whose, SocketAddress remote)
            throws ConnectionDeniedException {
        int count = key == null ? 0 : perKey.getOrDefault(key, 0);
        if (count > 0 && count >= left) {
            throw denied("from", remote, whose + " has " + count + ", and there are " + left + " places left");
        }
    }

    private static ConnectionDeniedException denied(String direction, SocketAddress remote, String why) {
        return new ConnectionDeniedException("connection " + direction + " " + remote + ": " + why);
    }

    private @Nullable Place oldestOf(Object key) {
        return pendingAccepted.stream()
                .filter(place -> place.pendingKey.equals(key))
                .findFirst()
                .orElse(null);
    }

    private boolean isAlone(Place place) {
        return pendingPerKey.getOrDefault(place.pendingKey, 0) == 1;
    }

    private @Nullable Place oldestOfTheFullest() {
        Place found = null;
        int most = 0;
        for (Place place : pendingAccepted) {
            int count = pendingPerKey.getOrDefault(place.pendingKey, 0);
            if (count > most) {
                found = place;
                most = count;
            }
        }
        return found;
    }

    /**
     * Takes a slot for a dialed socket: we chose its remote address, so it is not counted.
     *
     * @return null while too many dialed sockets are not upgraded yet; each of them will be upgraded or fail
     */
    public synchronized @Nullable Place dial(SocketAddress remote) throws ConnectionDeniedException {
        if (total >= max.total + overbooked) {
            throw denied("to", remote, "there are " + total + " of " + max.total);
        }
        if (pendingDialed >= max.pending) {
            return null;
        }
        Place place = new Place(null, null, DIALED, () -> {});
        place.take();
        return place;
    }

    /** Allows this many extra sockets from now on; the caller decides which of them stay. */
    public synchronized void overbook(int more) {
        overbooked = more;
    }

    /** The number of sockets above the limit. */
    public synchronized int excess() {
        return Math.max(0, total - max.total);
    }

    /** The number of sockets. */
    public synchronized int total() {
        return total;
    }

    /** The number of sockets that are not yet upgraded. */
    public synchronized int pending() {
        return pendingAccepted.size() + pendingDialed;
    }

    /** The number of accepted sockets among these. */
    public synchronized int pendingInbound() {
        return pendingAccepted.size();
    }

    private static void add(Map<Object, Integer> counts, @Nullable Object key, int change) {
        if (key != null) {
            counts.merge(key, change, (before, more) -> before + more == 0 ? null : before + more);
        }
    }

    /** The slot of one socket. */
    public final class Place {
        private final @Nullable Object address;
        private final @Nullable Object network;
        private final Object pendingKey;

        /** Closes the socket while it is not upgraded. A connection outlives its upgrade, and must not keep this reference. */
        private @Nullable Runnable end;

        private final long sinceNanos = nanoTime.getAsLong();
        private boolean upgrading;
        private boolean held;

        private Place(@Nullable Object address, @Nullable Object network, Object pendingKey, Runnable end) {
            this.address = address;
            this.network = network;
            this.pendingKey = pendingKey;
            this.end = end;
        }

        private void take() {
            held = true;
            upgrading = true;
            total++;
            add(perKey, address, 1);
            add(perKey, network, 1);
            add(pendingPerKey, pendingKey, 1);
            if (pendingKey == DIALED) {
                pendingDialed++;
            } else {
                pendingAccepted.add(this);
            }
        }

        /** The socket has become a connection. */
        public void upgraded() {
            synchronized (ConnectionLimits.this) {
                if (!upgrading) {
                    return;
                }
                upgrading = false;
                end = null;
                add(pendingPerKey, pendingKey, -1);
                if (pendingKey == DIALED) {
                    pendingDialed--;
                } else {
                    pendingAccepted.remove(this);
                }
            }
        }

        /** The socket is closed. */
        public void release() {
            synchronized (ConnectionLimits.this) {
                upgraded();
                if (held) {
                    held = false;
                    total--;
                    add(perKey, address, -1);
                    add(perKey, network, -1);
                }
            }
        }
    }
}
