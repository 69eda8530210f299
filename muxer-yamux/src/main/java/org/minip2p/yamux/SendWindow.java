package org.minip2p.yamux;

/**
 * The credit that the peer has given one stream for sending, in bytes. Only bodies of data frames take from it (YMX-42,
 * 43).
 *
 * <p>Confined to the connection's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md#flow-control">Flow Control</a>
 */
public final class SendWindow {
    /** The initial window of each direction of each stream, for any settings of either side (YMX-40), in bytes. */
    public static final long INITIAL_BYTES = 262_144;

    private long available = INITIAL_BYTES;

    SendWindow() {}

    /** The bytes that may be sent now. */
    public long available() {
        return available;
    }

    /**
     * Takes credit for a body to send.
     *
     * @param bytes its length, at most {@link #available}
     */
    void take(long bytes) {
        if (bytes > available) {
            throw new IllegalStateException("a body of " + bytes + " bytes within a window of " + available);
        }
        available -= bytes;
    }

    /**
     * Adds credit from the peer.
     *
     * @param bytes the length field of a window update, unsigned
     * @throws YamuxException when the sum does not fit into 32 bits (YMX-45)
     */
    void add(long bytes) throws YamuxException {
        if (available + bytes > YamuxHeader.MAX_UINT32) {
            throw YamuxException.protocolError(
                    "a window of " + available + " bytes raised by " + bytes + " passes " + YamuxHeader.MAX_UINT32);
        }
        available += bytes;
    }
}
