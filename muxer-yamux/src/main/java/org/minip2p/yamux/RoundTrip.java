package org.minip2p.yamux;

/**
 * The pings of this end: at most one is open at a time, and its answer repeats the value (YMX-60). Any other answer is
 * ignored (YMX-59). It also distinguishes them from the peer's pings.
 *
 * <p>Confined to the connection's event loop.
 */
public final class RoundTrip {
    private long value;
    private long sentNanos;
    private boolean open;
    private long nanos;
    private long shortestNanos;

    RoundTrip() {}

    /** Whether a request has been sent and not answered. */
    public boolean isOpen() {
        return open;
    }

    /** When the last request was sent. */
    public long sentNanos() {
        return sentNanos;
    }

    /** The last measured round trip in nanoseconds, 0 before the first. */
    public long nanos() {
        return nanos;
    }

    /**
     * The shortest round trip so far in nanoseconds, 0 before the first: the distance of the peer. Longer ones include
     * waiting behind bytes in flight; windows that grew with those would let more bytes wait, and so on.
     */
    public long shortestNanos() {
        return shortestNanos;
    }

    /**
     * Sends a request.
     *
     * @return the value of the ping frame
     */
    public long request(long nowNanos) {
        if (open) {
            throw new IllegalStateException("a ping is open already");
        }
        open = true;
        sentNanos = nowNanos;
        value = (value + 1) & YamuxHeader.MAX_UINT32;
        return value;
    }

    /**
     * Classifies a ping frame.
     *
     * @return what it is: PING, PONG, or DROPPED when it is neither the peer's ping nor the expected answer
     * @throws YamuxException when it is on a stream
     */
    FrameOutcome receive(FrameReader frame, long nowNanos) throws YamuxException {
        if (frame.streamId() != 0) {
            throw YamuxException.protocolError("a ping on stream " + frame.streamId() + ", expected 0"); // YMX-61
        }
        boolean request = frame.has(Flags.SYN);
        boolean answer = frame.has(Flags.ACK);
        if (request == answer) {
            return FrameOutcome.DROPPED; // YMX-62
        }
        if (request) {
            return FrameOutcome.PING;
        }
        return answer(frame.length(), nowNanos) ? FrameOutcome.PONG : FrameOutcome.DROPPED;
    }

    /** An answer arrived; returns whether it is the expected one. */
    boolean answer(long answeredValue, long nowNanos) {
        if (!open || answeredValue != value) {
            return false;
        }
        open = false;
        nanos = Math.max(1, nowNanos - sentNanos);
        shortestNanos = shortestNanos == 0 ? nanos : Math.min(shortestNanos, nanos);
        return true;
    }
}
