package org.minip2p.yamux;

/**
 * The credit that this end has granted on one stream, and the state of the bytes that used it.
 *
 * <p>Every byte of the window is in exactly one place: still with the peer, which may send it ({@code remaining});
 * received and not consumed ({@code unread}); consumed and not returned yet ({@code returnable}); or discarded, which
 * gives no credit. It moves with {@link #take}, {@link #hold}, {@link #release} or {@link #consume}, and
 * {@link #takeUpdate}. A granted window is never revoked (YMX-53).
 *
 * <p>Confined to the connection's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md#flow-control">Flow Control</a>
 */
public final class ReceiveWindow {
    /**
     * A window grows when it would be used up within this many round trips at the rate of its last part. One would be
     * enough for a sender that gets its credit at once; more than twice that would only wait in sockets.
     */
    private static final int GROWTH_ROUND_TRIPS = 2;

    /**
     * The minimum round trip in calculations. On loopback and in one data centre, a window must cover the turns of two
     * event loops rather than distance. Data of a window waits ahead of other streams' data: with this minimum, a
     * window ends at the amount that is consumed in half a millisecond to one, so that a ping beside it waits no longer
     * than that.
     */
    private static final long MIN_ROUND_TRIP_NANOS = 250_000;

    /**
     * Credit is returned in this many parts of a window. Consumed bytes that are not returned yet are useless to the
     * peer: with halves, a window would carry half of its size in a round trip. In small windows the parts are larger,
     * so that frames stay few.
     */
    private static final int UPDATES = 8;

    private static final long MIN_UPDATE_BYTES = SendWindow.INITIAL_BYTES / 2;

    private final long maxBytes;
    private final ConnectionBudget budget;
    private long size = SendWindow.INITIAL_BYTES;
    private long remaining = SendWindow.INITIAL_BYTES;
    private long unread;
    private long returnable;
    private long kept;
    private long measuredBytes;
    private long measuredFromNanos;
    private boolean over;

    ReceiveWindow(long maxBytes, ConnectionBudget budget, long nowNanos) {
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.measuredFromNanos = nowNanos;
    }

    /** The size of the window, in bytes: the most that the peer may have in flight or unread. */
    public long size() {
        return size;
    }

    /** What the peer may still send, in bytes. */
    public long remaining() {
        return remaining;
    }

    /** What was received and not consumed, in bytes. */
    public long unread() {
        return unread;
    }

    /** The memory that this keeps alive, in bytes. */
    public long kept() {
        return kept;
    }

    /**
     * Takes credit for a body that a header announces; called before any memory is allocated for it (YMX-47).
     *
     * @param bytes the header's length
     * @throws YamuxException when that is more than what remains (YMX-46)
     */
    void take(long bytes) throws YamuxException {
        if (bytes > remaining) {
            throw YamuxException.protocolError("a data frame of " + bytes + " bytes, the window has " + remaining);
        }
        remaining -= bytes;
    }

    /**
     * Bytes arrived before a read was requested.
     *
     * @param bytes how many
     * @param keptBytes the memory that all unread bytes keep alive now
     */
    public void hold(long bytes, long keptBytes) {
        unread += bytes;
        keep(keptBytes);
    }

    /**
     * Held bytes are consumed: passed on by a requested read (YMX-48).
     *
     * @param bytes how many, at most {@link #unread}
     * @param keptBytes the memory that the others keep alive
     */
    public void release(long bytes, long keptBytes) {
        unread -= bytes;
        returnable += bytes;
        keep(keptBytes);
    }

    /** Held bytes are discarded; they give no credit. */
    public void discardUnread() {
        unread = 0;
        keep(0);
    }

    private void keep(long keptBytes) {
        long more = keptBytes - kept;
        kept = keptBytes;
        if (more > 0) {
            budget.holdUnread(more);
        } else if (more < 0) {
            budget.release(-more);
        }
    }

    /**
     * Bytes are consumed as they arrive.
     *
     * @param bytes how many
     */
    public void consume(long bytes) {
        returnable += bytes;
    }

    /**
     * Whether enough credit can be returned to be worth a frame: half of a first window, less of a grown one (YMX-49).
     */
    public boolean isUpdateDue() {
        return returnable >= Math.max(size / UPDATES, MIN_UPDATE_BYTES);
    }

    /**
     * Returns credit for consumed bytes, and more if the window has proved too small for the round trip. While memory
     * is short, it returns less, until a grown window is back at its first size.
     *
     * @param nowNanos the time
     * @param roundTripNanos the measured round trip, 0 when there is none yet: then nothing grows
     * @return the credit for the peer, in bytes
     */
    public long takeUpdate(long nowNanos, long roundTripNanos) {
        measuredBytes += returnable;
        long credit = returnable;
        if (budget.isShort()) {
            credit -= shrink();
        } else if (measuredBytes >= size / 2) {
            credit += isTooSmall(nowNanos - measuredFromNanos, roundTripNanos) ? grow() : 0;
            measuredBytes = 0;
            measuredFromNanos = nowNanos;
        }
        remaining += credit;
        returnable = 0;
        return credit;
    }

    /** At the rate at which half of the window, or more, was consumed; less would be the rate of a burst. */
    private boolean isTooSmall(long elapsedNanos, long roundTripNanos) {
        double emptiedInNanos = (double) elapsedNanos * size / measuredBytes;
        return roundTripNanos > 0
                && emptiedInNanos <= (double) GROWTH_ROUND_TRIPS * Math.max(roundTripNanos, MIN_ROUND_TRIP_NANOS);
    }

    /** The stream has ended, so the peer can no longer use its grown window. Unread bytes stay counted. */
    void end() {
        if (!over) {
            over = true;
            budget.giveUpGrant(size - SendWindow.INITIAL_BYTES);
        }
    }

    private long grow() {
        long grown = Math.min(size * 2, maxBytes);
        long growth = grown - size;
        if (!budget.tryGrant(growth)) {
            return 0;
        }
        size = grown;
        return growth;
    }

    private long shrink() {
        long shrunk = Math.min(returnable, size - SendWindow.INITIAL_BYTES);
        size -= shrunk;
        budget.giveUpGrant(shrunk);
        return shrunk;
    }
}
