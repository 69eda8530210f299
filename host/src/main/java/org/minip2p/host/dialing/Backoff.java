package org.minip2p.host.dialing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * Keeps a host from dialing the same dead address again and again: per peer and address, longer with each failure, with some jitter so
 * that two peers do not keep colliding. Any success with the peer clears its entries. Ten minutes after its last failure an address is
 * forgotten, and the next failure counts as its first. The number of entries is bounded: the address that failed longest ago is
 * forgotten first.
 *
 * <p>Confined to the host's peer executor.
 */
final class Backoff {
    private static final int MAX_ENTRIES = 1024;
    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final long LONGEST_NANOS = 300_000_000_000L;

    /** Longer than any back-off, so that an address that is dialed as soon as possible has a longer back-off each time. */
    private static final long REMEMBERED_NANOS = 2 * LONGEST_NANOS;

    private static final double JITTER = 0.2;

    private record Key(@Nullable PeerId peer, Multiaddr address) {}

    private record Entry(int failures, long failedNanos, long untilNanos) {}

    private final DoubleSupplier random;

    /** The address that failed longest ago comes first. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    /**
     * Creates an empty back-off.
     *
     * @param random from 0 to less than 1
     */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    boolean isActive(@Nullable PeerId peer, Multiaddr address, long nowNanos) {
        forgetOld(nowNanos);
        Entry entry = entries.get(new Key(peer, address));
        return entry != null && entry.untilNanos - nowNanos > 0;
    }

    void failed(@Nullable PeerId peer, Multiaddr address, long nowNanos) {
        forgetOld(nowNanos);
        Key key = new Key(peer, address);
        Entry before = entries.remove(key);
        int failures = before == null ? 1 : before.failures + 1;
        long wait = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failures - 1, 20));
        double jitter = 1 - JITTER + 2 * JITTER * random.getAsDouble();
        entries.put(key, new Entry(failures, nowNanos, nowNanos + (long) (wait * jitter)));
        if (entries.size() > MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    void succeeded(PeerId peer) {
        entries.keySet().removeIf(key -> Objects.equals(peer, key.peer));
    }

    /** The number of remembered addresses: with and without a peer. */
    int size(long nowNanos) {
        forgetOld(nowNanos);
        return entries.size();
    }

    /** The number for this peer. */
    int size(PeerId peer, long nowNanos) {
        forgetOld(nowNanos);
        return (int) entries.keySet().stream()
                .filter(key -> Objects.equals(peer, key.peer))
                .count();
    }

    /** Forgets all of them. */
    void clear() {
        entries.clear();
    }

    private void forgetOld(long nowNanos) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().failedNanos >= REMEMBERED_NANOS) {
            oldest.remove();
        }
    }
}
