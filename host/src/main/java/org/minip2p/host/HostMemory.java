package org.minip2p.host;

import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.yamux.MemoryBudget;

/**
 * What all connections of a host may hold together of bytes that nobody has read yet: a quarter of the memory that buffers can have, which
 * by default is as much as the heap. Thread-safe.
 */
final class HostMemory implements MemoryBudget {
    private static final int SHARE = 4;

    private final long limitBytes;
    private final AtomicLong reservedBytes = new AtomicLong();

    HostMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    static HostMemory ofThisMachine() {
        return new HostMemory(Runtime.getRuntime().maxMemory() / SHARE);
    }

    @Override
    public boolean tryReserve(long bytes) {
        long seen = reservedBytes.get();
        while (seen + bytes <= limitBytes) {
            if (reservedBytes.compareAndSet(seen, seen + bytes)) {
                return true;
            }
            seen = reservedBytes.get();
        }
        return false;
    }

    @Override
    public void release(long bytes) {
        reservedBytes.addAndGet(-bytes);
    }

    long reservedBytes() {
        return reservedBytes.get();
    }
}
