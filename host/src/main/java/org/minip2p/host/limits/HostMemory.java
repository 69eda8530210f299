package org.minip2p.host.limits;

import io.netty.util.internal.PlatformDependent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongConsumer;
import org.minip2p.yamux.MemoryBudget;

/**
 * What all connections of a host may hold together of bytes that nobody has read yet, or that have not left: a quarter of the memory that
 * buffers can have, unless a setting says otherwise. When peers make it more than that the connections that hold most are closed, until the rest fits. What the application
 * writes may be more, and costs no connection. Thread-safe.
 */
public final class HostMemory {
    /** The least with which a host can serve anybody: the first windows of four streams. */
    public static final long LEAST_BYTES = 1 << 20;

    private static final int SHARE = 4;

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** Those that hold something or have done so, connections that are over only while they hold something. */
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /**
     * Memory of which nothing is held.
     *
     * @param limitBytes how much there is, in bytes
     */
    public HostMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A quarter of what this JVM has, of heap or of direct memory, whichever is less. */
    public static HostMemory ofThisMachine() {
        long heap = Runtime.getRuntime().maxMemory();
        long direct = PlatformDependent.maxDirectMemory();
        return new HostMemory((direct > 0 ? Math.min(heap, direct) : heap) / SHARE);
    }

    /**
     * As much as a setting says.
     *
     * @param bytes how much; 0 for {@link #ofThisMachine}
     */
    public static HostMemory of(long bytes) {
        return bytes == 0 ? ofThisMachine() : new HostMemory(bytes);
    }

    /** How much there is, in bytes. */
    public long limitBytes() {
        return limitBytes;
    }

    /**
     * The part of one connection.
     *
     * @param close closes that connection because it holds most, which is so many bytes; any thread
     */
    public Share share(LongConsumer close) {
        return new Share(close);
    }

    /**
     * Counts bytes that no connection is closed for, since that would not free them: what waits for the application.
     *
     * @param bytes more of them, or less when negative
     */
    public void charge(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** What all hold together, in bytes. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** How many connections hold something. */
    public int holders() {
        int holders = 0;
        for (Share share : shares) {
            holders += share.held > 0 ? 1 : 0;
        }
        return holders;
    }

    /** Closes whoever holds most, unless those that are being closed hold enough; false when there is nobody to close. */
    private synchronized boolean closeTheGreediest() {
        long excess = Math.max(1, heldBytes.get() - limitBytes);
        long comingBack = 0;
        Share greediest = null;
        for (Share share : shares) {
            if (share.closing) {
                comingBack += share.held;
            } else if (share.held > (greediest == null ? 0 : greediest.held)) {
                greediest = share;
            }
        }
        if (comingBack >= excess) {
            return true;
        }
        if (greediest == null) {
            return false;
        }
        greediest.closing = true;
        greediest.close.accept(greediest.held);
        return true;
    }

    /** What one connection holds: counted on its event loop, looked at by others. */
    public final class Share implements MemoryBudget {
        private static final AtomicLongFieldUpdater<Share> HELD =
                AtomicLongFieldUpdater.newUpdater(Share.class, "held");

        private final LongConsumer close;
        private volatile long held; // set on the event loop alone
        private boolean isListed;
        private boolean isOver;
        private boolean closing; // guarded by HostMemory.this

        private Share(LongConsumer close) {
            this.close = close;
        }

        @Override
        public boolean hold(long bytes) {
            HELD.lazySet(this, held + bytes);
            if (!isListed && bytes > 0) {
                isListed = true;
                shares.add(this);
            }
            return heldBytes.addAndGet(bytes) <= limitBytes;
        }

        @Override
        public void release(long bytes) {
            HELD.lazySet(this, held - bytes);
            heldBytes.addAndGet(-bytes);
            forgetIfDone();
        }

        /** The connection is over: its share is forgotten as soon as it holds nothing. Event loop. */
        public void end() {
            isOver = true;
            forgetIfDone();
        }

        private void forgetIfDone() {
            if (isOver && isListed && held == 0) {
                isListed = false;
                shares.remove(this);
            }
        }

        @Override
        public boolean isShort() {
            return heldBytes.get() > limitBytes - limitBytes / SHARE;
        }

        @Override
        public boolean isExceeded() {
            return heldBytes.get() > limitBytes;
        }

        @Override
        public boolean makeRoom() {
            return closeTheGreediest();
        }
    }
}
