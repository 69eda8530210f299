package org.minip2p.yamux;

/**
 * The memory that a connection holds: bytes that have come and are unread, at what they keep alive, and bytes that were
 * written and have not left. Besides, the windows granted beyond the first {@value SendWindow#INITIAL_BYTES} bytes of
 * each stream, which are only a promise: the peer may send that much (YMX-52, YMX-75).
 *
 * <p>What is granted cannot be taken back, and what is held within it cannot be refused: it is counted in any case, and
 * {@link #isExceeded} then says that some stream has to go. So held bytes alone are limited, and windows grow only
 * while there is plenty.
 *
 * <p>Confined to the connection's event loop.
 */
public final class ConnectionBudget {
    /**
     * Counted in the host's budget at once, so that this shared counter is not touched for every frame. Little, since each connection that
     * holds a byte counts as much.
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
     * @param host what it shares with other connections
     */
    public ConnectionBudget(long maxBytes, MemoryBudget host) {
        this.maxBytes = maxBytes;
        this.host = host;
    }

    /** What is held now, in bytes. */
    public long heldBytes() {
        return heldBytes;
    }

    /** What streams may receive beyond their first windows, in bytes. */
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

    /** Whether windows that have grown have to shrink as they are used. */
    boolean isShort() {
        return host.isShort() || heldBytes > maxBytes;
    }

    /**
     * Grants growth of a window, if there is plenty.
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

    /** A grown window has shrunk, or is over. */
    void giveUpGrant(long bytes) {
        grantedBytes -= bytes;
    }

    /**
     * Counts what the peer has sent. Others may have to go for it.
     *
     * @param bytes how much
     */
    void holdUnread(long bytes) {
        if (!hold(bytes)) {
            isOverHost = !host.makeRoom();
        }
    }

    /**
     * Counts what the application has written. Nobody else has to go for it.
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
     * Gives back. One step stays counted while anything is held, so that a stream that is read as it comes does not
     * touch the host.
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
