package org.minip2p.host.limits;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongConsumer;
import org.minip2p.yamux.MemoryBudget;

/**
 * What all connections of a host may hold together of bytes that nobody has read yet: a quarter of the memory that buffers can have, which
 * by default is as much as the heap. When that is not enough the connection that holds most is closed. Thread-safe.
 */
public final class HostMemory {
    private static final int SHARE = 4;

    private final long limitBytes;
    private final AtomicLong reservedBytes = new AtomicLong();

    /** Those that hold something. */
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /**
     * Memory of which nothing is taken.
     *
     * @param limitBytes how much there is, in bytes
     */
    public HostMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A quarter of what this JVM has. */
    public static HostMemory ofThisMachine() {
        return new HostMemory(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /**
     * The part of one connection.
     *
     * @param close closes that connection because it holds most, which is so many bytes; any thread
     */
    public Share share(LongConsumer close) {
        return new Share(close);
    }

    /** What all hold together, in bytes. */
    public long reservedBytes() {
        return reservedBytes.get();
    }

    /** How many connections hold something. */
    public int holders() {
        return shares.size();
    }

    private boolean tryReserve(long bytes) {
        long seen = reservedBytes.get();
        while (seen + bytes <= limitBytes) {
            if (reservedBytes.compareAndSet(seen, seen + bytes)) {
                return true;
            }
            seen = reservedBytes.get();
        }
        return false;
    }

    /** One at a time goes, and its memory with it. */
    private synchronized boolean closeTheGreediest() {
        if (shares.stream().anyMatch(share -> share.closing && share.held > 0)) {
            return true;
        }
        Share greediest = shares.stream()
                .filter(share -> !share.closing && share.held > 0)
                .max(Comparator.comparingLong(share -> share.held))
                .orElse(null);
        if (greediest == null) {
            return false;
        }
        greediest.closing = true;
        greediest.close.accept(greediest.held);
        return true;
    }

    /** What one connection holds: taken and given back on its event loop, looked at by others. */
    public final class Share implements MemoryBudget {
        private static final AtomicLongFieldUpdater<Share> HELD =
                AtomicLongFieldUpdater.newUpdater(Share.class, "held");

        private final LongConsumer close;
        private volatile long held;
        private boolean closing;

        private Share(LongConsumer close) {
            this.close = close;
        }

        @Override
        public boolean tryReserve(long bytes) {
            if (!HostMemory.this.tryReserve(bytes)) {
                return false;
            }
            if (HELD.getAndAdd(this, bytes) == 0 && bytes > 0) {
                shares.add(this);
            }
            return true;
        }

        @Override
        public void release(long bytes) {
            if (HELD.addAndGet(this, -bytes) == 0) {
                shares.remove(this);
            }
            reservedBytes.addAndGet(-bytes);
        }

        @Override
        public boolean makeRoom() {
            return closeTheGreediest();
        }

        /** The connection is over. */
        public void end() {
            shares.remove(this);
        }
    }
}
