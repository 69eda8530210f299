package org.minip2p.yamux;

/**
 * The memory that a connection holds: unread bytes, counted with the memory that they keep alive, and unsent bytes. It also counts the
 * windows granted beyond the first {@value SendWindow#INITIAL_BYTES} bytes of each stream, which are only a promise: the peer may send
 * that much (YMX-52, YMX-75).
 *
 * <p>A granted window cannot be revoked, and bytes within it cannot be refused. They are always counted, and {@link #isExceeded} then says
 * that a stream must be reset. So the limit applies only to held bytes, and windows grow only while there is plenty of memory.
 *
 * <p>Confined to the connection's event loop.
 */
public final class ConnectionBudget {
    /**
     * Counted in the host's budget at once, so that this shared counter is not touched for every frame. The step is small, since each
     * connection that holds a byte counts at least one step.
     */
    static final long HOST_STEP_BYTES = 32_768;

    /**
     * What a connection may hold though the host has nothing left: nobody is the cause of that who holds as little, and small requests are
     * answered while those go who hold more.
     */
    static final long SPARED_BYTES = HOST_STEP_BYTES;

    private final long maxBytes;
    private final MemoryBudget host;
    private long heldBytes;
    private long grantedBytes;
    private long countedBytes;
    private boolean isOverHost;

    /**
     * An empty budget.
     *
     * @param maxBytes the most that this connection may hold, and the most that it may grant, in bytes
     * @param host the budget that it shares with other connections
     */
    public ConnectionBudget(long maxBytes, MemoryBudget host) {
        this.maxBytes = maxBytes;
        this.host = host;
    }

    /** The held bytes. */
    public long heldBytes() {
        return heldBytes;
    }

    /** How many bytes streams may receive beyond their first windows. */
    public long grantedBytes() {
        return grantedBytes;
    }

    /** Whether more is held than this connection, or the host, can allow. */
    public boolean isExceeded() {
        if (isOverHost && !host.isExceeded()) {
            isOverHost = false;
        }
        return heldBytes > maxBytes || (isOverHost && heldBytes > SPARED_BYTES);
    }

    /**
     * Whether a stream of this connection has to go, now that something has come on it. When the host holds too much, that goes which holds most:
     * so it may be that of another connection, whose application has written more than its peer takes.
     */
    public boolean mustShed() {
        if (!isExceeded()) {
            return false;
        }
        if (heldBytes <= maxBytes && host.makeRoom()) {
            isOverHost = false;
            return false;
        }
        return true;
    }

    /** Whether grown windows must shrink as they are used. */
    boolean isShort() {
        return host.isShort() || heldBytes > maxBytes;
    }

    /**
     * Grants growth of a window, if there is plenty of memory.
     *
     * @param bytes how much, not negative
     */
    boolean tryGrant(long bytes) {
        if (heldBytes + grantedBytes + bytes > maxBytes || host.isShort()) {
            return false;
        }
        grantedBytes += bytes;
        return true;
    }

    /** A grown window has shrunk, or its stream has ended. */
    void giveUpGrant(long bytes) {
        grantedBytes -= bytes;
    }

    /**
     * Counts received bytes. Other streams may have to be reset for them.
     *
     * @param bytes how much
     */
    void holdUnread(long bytes) {
        if (!hold(bytes)) {
            isOverHost = !host.makeRoom();
        }
    }

    /**
     * Counts written bytes. No other stream is reset for them.
     *
     * @param bytes how much
     */
    public void holdUnsent(long bytes) {
        if (!hold(bytes)) {
            isOverHost = true;
        }
    }

    private boolean hold(long bytes) {
        heldBytes += bytes;
        long missing = heldBytes - countedBytes;
        if (missing <= 0) {
            return true;
        }
        long step = (missing + HOST_STEP_BYTES - 1) / HOST_STEP_BYTES * HOST_STEP_BYTES;
        countedBytes += step;
        return host.hold(step);
    }

    /**
     * Releases bytes. One step stays counted while anything is held, so that a stream that is read immediately does not touch the host's
     * budget.
     *
     * @param bytes how much
     */
    public void release(long bytes) {
        heldBytes -= bytes;
        long surplus = heldBytes == 0 ? countedBytes : wholeSteps(countedBytes - heldBytes) - HOST_STEP_BYTES;
        if (surplus > 0) {
            countedBytes -= surplus;
            host.release(surplus);
        }
    }

    private static long wholeSteps(long bytes) {
        return bytes / HOST_STEP_BYTES * HOST_STEP_BYTES;
    }
}
