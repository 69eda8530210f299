package org.minip2p.yamux;

/**
 * The memory that a connection may hold for its peer: unread bytes, and the windows granted beyond the first
 * {@value SendWindow#INITIAL_BYTES} bytes of each stream (DESIGN, YMX-52, YMX-75).
 *
 * <p>Growth is granted only from what is free ({@link #tryReserve}). Unread bytes within the windows of the protocol
 * cannot be refused, the peer may send them: they are charged in any case, and {@link #isExceeded} then says that some
 * stream has to go.
 *
 * <p>Confined to the connection's event loop.
 */
public final class ConnectionBudget {
    /** Taken from the host's budget at once, so that this shared counter is not touched for every frame. */
    static final long HOST_STEP_BYTES = 262_144;

    private final long maxBytes;
    private final MemoryBudget host;
    private long usedBytes;
    private long reservedBytes;
    private boolean refusedByHost;

    /**
     * An empty budget.
     *
     * @param maxBytes the most that this connection may hold, in bytes
     * @param host what it shares with other connections
     */
    public ConnectionBudget(long maxBytes, MemoryBudget host) {
        this.maxBytes = maxBytes;
        this.host = host;
    }

    /** What is held or granted now, in bytes. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Whether more is held than this connection, or the host, can allow. */
    public boolean isExceeded() {
        return usedBytes > maxBytes || (refusedByHost && usedBytes > reservedBytes);
    }

    /**
     * Takes memory for a window that grows, if it is free.
     *
     * @param bytes how much, not negative
     */
    boolean tryReserve(long bytes) {
        if (usedBytes + bytes > maxBytes || !reserveFromHost(usedBytes + bytes)) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    /**
     * Counts memory that is held already.
     *
     * @param bytes how much, negative to give it back
     */
    void charge(long bytes) {
        usedBytes += bytes;
        if (bytes > 0) {
            refusedByHost = !reserveFromHost(usedBytes) && !host.makeRoom();
        } else {
            returnToHost();
        }
    }

    private boolean reserveFromHost(long needed) {
        if (needed <= reservedBytes) {
            return true;
        }
        long steps = (needed - reservedBytes + HOST_STEP_BYTES - 1) / HOST_STEP_BYTES;
        if (!host.tryReserve(steps * HOST_STEP_BYTES)) {
            return false;
        }
        reservedBytes += steps * HOST_STEP_BYTES;
        return true;
    }

    /**
     * Keeps one step in hand while anything is used, so that a stream that is read as it comes does not touch the host.
     */
    private void returnToHost() {
        long surplus = usedBytes == 0 ? reservedBytes : wholeSteps(reservedBytes - usedBytes) - HOST_STEP_BYTES;
        if (surplus > 0) {
            reservedBytes -= surplus;
            host.release(surplus);
        }
    }

    private static long wholeSteps(long bytes) {
        return bytes / HOST_STEP_BYTES * HOST_STEP_BYTES;
    }
}
