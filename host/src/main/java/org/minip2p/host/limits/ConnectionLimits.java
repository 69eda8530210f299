package org.minip2p.host.limits;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.ConnectionDeniedException;

/**
 * Counts sockets: in all, not yet upgraded, and per remote address. A place is taken before anything of the socket is read, and given
 * back when it is closed. Thread-safe.
 */
public final class ConnectionLimits {
    /** An IPv6 user has at least a /56, so its addresses count as one. */
    private static final int IPV6_PREFIX_BYTES = 7;

    private final int maxTotal;
    private final int maxPending;
    private final int maxPerAddress;
    private final Function<SocketAddress, @Nullable Object> addressKey;
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private int total;
    private int pending;
    private int overbooked;

    /**
     * Limits of a host.
     *
     * @param maxTotal sockets in all
     * @param maxPending sockets that are not yet upgraded
     * @param maxPerAddress accepted sockets from one address
     * @param addressKey what is counted as one address; null for what is not counted
     */
    public ConnectionLimits(
            int maxTotal, int maxPending, int maxPerAddress, Function<SocketAddress, @Nullable Object> addressKey) {
        this.maxTotal = maxTotal;
        this.maxPending = maxPending;
        this.maxPerAddress = maxPerAddress;
        this.addressKey = addressKey;
    }

    /** What is counted as one address by default: an IPv4 address or an IPv6 /56; loopback is free. */
    public static @Nullable Object byPrefix(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return null;
        }
        InetAddress ip = inet.getAddress();
        if (ip == null || ip.isLoopbackAddress()) {
            return null;
        }
        return ip instanceof Inet4Address ? ip : ByteBuffer.wrap(Arrays.copyOf(ip.getAddress(), IPV6_PREFIX_BYTES));
    }

    /** A place for an accepted socket. */
    public Place accept(SocketAddress remote) throws ConnectionDeniedException {
        return take(addressKey.apply(remote), "from", remote);
    }

    /** A place for a dialed socket: the remote address is our own choice and not counted. */
    public Place dial(SocketAddress remote) throws ConnectionDeniedException {
        return take(null, "to", remote);
    }

    private synchronized Place take(@Nullable Object key, String direction, SocketAddress remote)
            throws ConnectionDeniedException {
        String full = null;
        if (total >= maxTotal + overbooked) {
            full = "there are " + total + " of " + maxTotal;
        } else if (pending >= maxPending) {
            full = pending + " of " + maxPending + " are not upgraded yet";
        } else if (key != null && perAddress.getOrDefault(key, 0) >= maxPerAddress) {
            full = "this address has " + maxPerAddress + " already";
        }
        if (full != null) {
            throw new ConnectionDeniedException("connection " + direction + " " + remote + ": " + full);
        }
        total++;
        pending++;
        if (key != null) {
            perAddress.merge(key, 1, Integer::sum);
        }
        return new Place(key);
    }

    /** So many sockets more than there may be are let in from now on: who accepts them decides which of them stay. */
    public synchronized void overbook(int more) {
        overbooked = more;
    }

    /** How many sockets there are above those that there may be. */
    public synchronized int excess() {
        return Math.max(0, total - maxTotal);
    }

    /** How many sockets there are. */
    public synchronized int total() {
        return total;
    }

    /** How many of them are not yet upgraded. */
    public synchronized int pending() {
        return pending;
    }

    /** One socket's place. */
    public final class Place {
        private final @Nullable Object key;
        private boolean upgrading = true;
        private boolean held = true;

        private Place(@Nullable Object key) {
            this.key = key;
        }

        /** The socket has become a connection. */
        public void upgraded() {
            synchronized (ConnectionLimits.this) {
                if (upgrading) {
                    upgrading = false;
                    pending--;
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
                    if (key != null) {
                        perAddress.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
                    }
                }
            }
        }
    }
}
