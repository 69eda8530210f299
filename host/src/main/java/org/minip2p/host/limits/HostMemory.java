package org.minip2p.host.limits;

import io.netty.util.internal.PlatformDependent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongConsumer;
import org.minip2p.yamux.MemoryBudget;

/**
 * Limits the unread and unsent bytes of all connections of a host together: by default to a quarter of the memory that buffers can have. When peers
 * exceed the limit, the connections that hold most are closed until the rest fits. The application's own writes may exceed it without closing a
 * connection. Thread-safe.
 */
public final class HostMemory {
    /** The minimum for a usable host: the initial windows of four streams. */
    public static final long LEAST_BYTES = 1 << 20;

    private static final int SHARE = 4;

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** The connections that hold or have held bytes; closed connections only while they still hold some. */
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /**
     * Creates the account; nothing is held yet.
     *
     * @param limitBytes the limit, in bytes
     */
    public HostMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A quarter of this JVM's heap or direct memory, whichever is smaller. */
    public static HostMemory ofThisMachine() {
        long heap = Runtime.getRuntime().maxMemory();
        long direct = PlatformDependent.maxDirectMemory();
        return new HostMemory((direct > 0 ? Math.min(heap, direct) : heap) / SHARE);
    }

    /**
     * The limit of a setting.
     *
     * @param bytes the limit; 0 for {@link #ofThisMachine}
     */
    public static HostMemory of(long bytes) {
        return bytes == 0 ? ofThisMachine() : new HostMemory(bytes);
    }

    /** The limit, in bytes. */
    public long limitBytes() {
        return limitBytes;
    }

    /**
     * The share of one connection.
     *
     * @param close closes that connection because it holds most; gets the number of bytes; any thread
     */
    public Share share(LongConsumer close) {
        return new Share(close);
    }

    /**
     * Counts bytes that wait for the application. No connection is closed for them, since that would not free them.
     *
     * @param bytes the change; negative to release
     */
    public void charge(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** The held bytes of all connections. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** The number of connections that hold bytes. */
    public int holders() {
        int holders = 0;
        for (Share share : shares) {
            holders += share.held > 0 ? 1 : 0;
        }
        return holders;
    }

    /** Closes the connection that holds most, unless connections that are already closing hold enough; false when there is none to close. */
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

    /** The bytes of one connection: counted on its event loop, read by others. */
    public final class Share implements MemoryBudget {
        private static final AtomicLongFieldUpdater<Share> HELD =
                AtomicLongFieldUpdater.newUpdater(Share.class, "held");

        private final LongConsumer close;
        private volatile long held; // set only on the event loop
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

        /** The connection has ended: its share is forgotten as soon as it holds nothing. Event loop. */
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
